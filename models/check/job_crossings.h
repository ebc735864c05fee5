// I-9 for what engines do for others: a packet and its jobs together cross the buses of their host as often as the crossing table says for their path.
//
// Own books: octets that tenures move from where a job lies and to where its result shall lie. A job that was done has been read once, whole, and its
// result written once, whole; software moves nothing. What was given to an engine and not done may have crossed besides: such a packet is told
// and not judged, nor is one in a host in doubt.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "nicteam/check/crossings.h"
#include "nicteam/report/result.h"
#include "nicteam/secondary/job_watcher.h"

namespace nicteam::secondary {
struct task;
}

namespace nicteam::check {

class job_crossings final : public beside_bodies, public secondary::job_watcher, public sim::packet_observer {
public:
    job_crossings(breaches&, crossings&, sim::session&);

    void watch(secondary::crypto_service&);          // after elaboration
    std::vector<report::path_crossings> by_path() const;

    void moved(std::uint32_t host, std::uint64_t address, std::uint32_t octets, bool read) override;
    void given(const secondary::crypto_service&, const secondary::task&, bool to_software) override;
    void back(const secondary::crypto_service&, const secondary::task&, unsigned engine, bool done, ps at) override;
    void born(trace_id, trace_id parent, const std::string& where, std::uint32_t octets, ps) override;
    void passed(trace_id, const stage_info&, const std::string&, ps) override {}
    void ended(trace_id, const outcome_info&, const std::string& where, ps) override;
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}

    // Rows of the table, in its order.
    enum class path : unsigned {
        itself, to_itself, loop_back, out_and_back, sent_by_backup, in_and_back, software, software_loop_back, digest, inside, peer_to_peer, to_nic, from_nic
    };
    static constexpr unsigned paths = 13;

private:
    // A job with its engine.
    struct job { const secondary::task* task; std::uint32_t host; bool software; std::uint64_t read = 0, written = 0; };
    struct place { std::uint64_t end; job* of; };
    using places = std::map<std::uint64_t, place>;               // by first address
    // What befell those that a packet was made of, in one host: crossings but for its own.
    struct story { path way = path::itself; std::uint32_t host = 0; int crossings = 0; bool unclear = false; };

    bool serves(std::uint32_t host) const;
    int crossed_by(const job&, ps at);                           // -1: wrong, and said so
    void judge(path, unsigned crossings, const std::string& who, std::uint32_t host, ps at);

    breaches& breaches_;
    crossings& packets_;
    std::vector<std::uint32_t> hosts_;                           // that have a service
    std::unordered_map<const secondary::crypto_service*, std::uint32_t> host_of_;
    std::unordered_map<const secondary::task*, job> jobs_;
    std::vector<places> sources_, results_;                      // by host: what is read, what is written; a job may work in place
    std::unordered_map<trace_id, story> stories_;                // of packets under way
    std::uint64_t packets_of_[paths] = {}, crossings_of_[paths] = {};
};

}  // namespace nicteam::check
