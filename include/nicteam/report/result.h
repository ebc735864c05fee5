// What a run found, as plain data, and its machine-readable form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/base/metrics.h"
#include "nicteam/base/tables.h"
#include "nicteam/bounds/limit.h"
#include "nicteam/report/failover.h"
#include "nicteam/report/lifelines.h"
#include "nicteam/report/work.h"

namespace nicteam::report {

// One metric over the measuring window: the difference of two snapshots.
struct metric_value {
    std::string path;
    const metric_info* info = nullptr;
    std::uint64_t total = 0;                     // counter: growth; histogram: samples
    __int128 sum = 0;                            // level: integral (value x ps); histogram: sum of the samples
    std::int64_t least = 0, greatest = 0;        // level: greatest since power-on; histogram: to 1/1024, exact when the window is the run
    std::int64_t end = 0;                        // level: value at the end of the window
    std::int64_t p50 = 0, p90 = 0, p99 = 0, p999 = 0;

    void take(const histogram&);
    bool unknown(const std::string& of) const;   // a property of samples, and there are none
};

// Whether an expectation of the scenario held.
struct verdict {
    std::string name;                            // of the [[expect]]; "expect1", "expect2" … where none was given
    std::string text;                            // "server.pci0.nic0.rx_frames of total at_least 100"
    std::string measured;                        // with its unit
    bool held = false;
};

// For a column of names: "" where the name was made. Empty if none was given.
std::vector<std::string> given_names(const std::vector<verdict>&);

struct check_outcome {
    std::string name;                            // "conservation"
    bool counts_only = false;                    // check.NAME = "count"
    std::uint64_t breaches = 0;
    std::string first;                           // what the first one was
};

// A FIFO's or queue's fill level against its size.
struct fill {
    std::string path, unit;
    __int128 integral = 0;                       // over the window
    std::int64_t greatest = 0, size = 0;         // size 0: not known
};

// Use of a resource over the measuring window.
struct use_series {
    static constexpr std::uint32_t whole = 10'000;
    std::string path;
    ps step = 0;                                 // interval n is [n * step, (n + 1) * step) from the window's begin, the last perhaps shorter
    std::vector<std::uint32_t> use;              // of `whole`
};

// What one master took of a bus.
struct share {
    std::string bus, master;
    std::uint64_t tenures = 0, words = 0;
    ps time = 0, window = 0;
};

// Packets, and jobs of others, by the path that they took through a host with a service of engines: how often their bodies crossed its buses.
struct path_crossings {
    std::string path;
    unsigned table = 0;                          // crossings of each, by the crossing table
    std::uint64_t packets = 0, crossings = 0;
};

// A fault of the scenario, and what went wrong in the run: counts of errors, retries and cut frames.
struct fault {
    std::string name, what, where;
    ps from = 0, until = 0;                      // the first time; until: `never` when it stayed
    ps every = never;                            // from each begin to the next; `never`: it came once
    std::uint64_t times = 1;                     // that it began
    std::string amount;                          // "" when it has none
};
std::string repeated(const fault&);               // ", every 5 ms, 3 times"; "" when it came once
struct trouble { std::string path, unit, meaning; std::uint64_t count = 0; };

struct run_result {
    std::string scenario, title, version;
    std::uint64_t seed = 1;
    ps from = 0, until = 0;                      // measuring window
    ps end = 0;                                  // simulated time at the end of the run
    bool interrupted = false;
    std::vector<metric_value> metrics;           // by path
    std::vector<flow> flows;
    std::vector<loss> losses;
    time_series lost_over_time;
    std::vector<held> still_held;
    std::vector<passed_over> for_others;         // by ends that a repeater brought them to
    std::vector<sender> senders;
    std::vector<unarrived> not_arrived;
    std::vector<fill> fills;
    std::vector<share> shares;                   // of buses, by master
    std::vector<fault> faults;
    std::vector<trouble> troubles;               // metrics of errors, aborts, retries and damage that are not 0
    std::vector<failover> failovers;             // of teams, in order of time
    std::vector<path_crossings> crossings;       // paths that somebody took; empty: no service of engines
    std::vector<work_shares> work;               // of teams, then of other services
    std::vector<job_series> jobs_over_time;      // of requesters of whom any was done
    std::vector<saved_cycles> saved;             // of hosts whose devices did anything
    std::optional<exposure> exposed;             // none: nobody protects anything
    std::vector<reordering> reordered;           // of flows through teams
    std::vector<bounds::resource> resources;
    std::vector<use_series> use_over_time;
    std::vector<bounds::wait> waits;
    bounds::limit limit;
    std::vector<verdict> verdicts;
    std::uint64_t not_judged = 0;                // expectations of a run that ended before its duration
    std::vector<check_outcome> checks;
    std::vector<std::string> notes;              // recorders that hit their limits, payload modes: what a reader must know

    ps window() const { return until - from; }
    std::uint64_t ended_from(const std::string& sender) const;   // packets of a sender that arrived or were lost
    // All losses together, and of how many: what ended, arrived or lost, of the senders that lost any. What the shares in the table of losses
    // add up to when one sender loses.
    std::pair<std::uint64_t, std::uint64_t> lost_of() const;
    const metric_value* find(const std::string& path) const;
    std::vector<requester_jobs> jobs() const;    // of those who asked for any
};

// Half duplex: the metrics of stations that waited for their medium, in time.
std::vector<const metric_value*> waits_for_medium(const run_result&);

inline constexpr const char* result_format = "nicteam result 3";

// Deterministic; exact times and values of unit ps are strings of picoseconds. Ends with a newline.
std::string to_json(const run_result&);
std::string to_json_line(const run_result&);     // the same on one line

// Whatever depends on the machine, and only that.
struct machine_facts {
    double wall_seconds = 0, cpu_seconds = 0;
    bool paced = false;                          // to the wall clock; how far simulated time was behind
    ps greatest_lag = 0, mean_lag = 0;
    std::string host, directory;
    std::vector<std::string> command;
    std::vector<std::pair<std::string, std::string>> files;      // name, what it is
    std::vector<std::pair<std::string, std::string>> not_written;        // name, why; each is absent
};
std::string to_json(const machine_facts&, ps simulated);

// "text" as JSON writes it, quotes included; octets that are no UTF-8 become U+FFFD.
std::string json_quoted(const std::string&);

}  // namespace nicteam::report
