// Who did the work of a team, or of a service of engines, and what that saved the CPUs. docs/outputs.md says what each part means.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::report {

// One class of work, shared among members, cards and software. All of them are there, in their order, whether they did any or not.
struct work_shares {
    struct share { std::string by; std::uint64_t count = 0, octets = 0; };
    std::string of, work, unit;                  // team or service; "frames sent"; "frames"
    std::string requester;                       // of jobs: who asked; "" of frames and packets
    std::vector<share> shares;

    std::uint64_t count() const;
    std::uint64_t octets() const;
};

// Cycles of a host's CPUs: what its devices did of IPsec and CRC-32c would have taken them, by their own cost table, and what asking the devices took.
struct saved_cycles {
    struct part { std::string what; std::uint64_t times = 0, cycles = 0; };      // times: a row of the table was charged
    std::string host;
    std::vector<part> software, asking;
    unsigned cpus = 1;
    ps period = 0;                               // of a cycle

    static std::uint64_t sum(const std::vector<part>&);
    std::int64_t saved() const { return static_cast<std::int64_t>(sum(software)) - static_cast<std::int64_t>(sum(asking)); }
};

// What left in the clear although a policy of its sender protects it, from power-on to the end, on all ports of senders that protect anything.
struct exposure {
    unsigned ports = 0;
    std::uint64_t frames = 0, in_the_clear = 0, octets = 0;      // judged; of these; behind their IP headers
};

// What a requester asked of a service, by the metrics of a run: paths of its own. One on another host tells what it sees itself: from request to reply.
struct requester_jobs {
    std::string requester;
    std::uint64_t submitted = 0, done = 0, octets = 0;
    std::vector<std::pair<std::string, std::uint64_t>> otherwise;        // what became of others: "refused" …
    ps least = 0, median = 0, p99 = 0, greatest = 0;                     // from submission to loop-back, of those that an engine did
};

// Of a requester in one interval: jobs done and found good, octets of their packets; those that an engine did, whatever it found, and the sum of their times.
struct job_interval {
    std::uint64_t done = 0, octets = 0, timed = 0;
    ps time = 0;
};
struct job_series {
    std::string requester;
    ps step = 0;                                 // interval n is [n * step, (n + 1) * step) from the window's begin, the last perhaps shorter
    std::vector<job_interval> intervals;
};

}  // namespace nicteam::report
