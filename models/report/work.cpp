#include "nicteam/report/work.h"

#include <string_view>

#include "nicteam/report/result.h"

namespace nicteam::report {

std::uint64_t work_shares::count() const {
    std::uint64_t all = 0;
    for (const share& s : shares) all += s.count;
    return all;
}

std::uint64_t work_shares::octets() const {
    std::uint64_t all = 0;
    for (const share& s : shares) all += s.octets;
    return all;
}

std::uint64_t saved_cycles::sum(const std::vector<part>& parts) {
    std::uint64_t all = 0;
    for (const part& p : parts) all += p.cycles;
    return all;
}

std::vector<requester_jobs> run_result::jobs() const {
    static constexpr const char* others[] = {"not_verified", "refused", "failed", "no_room", "not_done", "turned_down", "unanswered", "lost", "damaged"};
    std::vector<requester_jobs> all;
    for (const metric_value& m : metrics) {
        const std::string_view name = m.info->name;
        requester_jobs j;
        j.requester = m.path.substr(0, m.path.rfind('.'));
        const bool remote = name == "round_trip" && find(j.requester + ".turned_down");      // by its own clock, the network's time and losses included
        if (name != "job_time" && !remote) continue;
        const auto total = [&](const char* name) {
            const metric_value* x = find(j.requester + '.' + name);
            return x ? x->total : 0;
        };
        j.submitted = total(remote ? "due" : "submitted"), j.done = total(remote ? "answered" : "done"), j.octets = total("octets");
        for (const char* what : others)
            if (const std::uint64_t n = total(what)) j.otherwise.emplace_back(what, n);
        if (!j.submitted && !j.done && j.otherwise.empty()) continue;
        j.least = m.least, j.median = m.p50, j.p99 = m.p99, j.greatest = m.greatest;
        if (!m.total) j.least = never;
        all.push_back(std::move(j));
    }
    return all;
}

}  // namespace nicteam::report
