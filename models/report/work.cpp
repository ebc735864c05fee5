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
    static constexpr const char* others[] = {"not_verified", "refused", "failed", "no_room", "not_done", "lost", "damaged"};
    std::vector<requester_jobs> all;
    for (const metric_value& m : metrics) {
        if (std::string_view(m.info->name) != "job_time") continue;
        requester_jobs j;
        j.requester = m.path.substr(0, m.path.rfind('.'));
        const auto total = [&](const char* name) {
            const metric_value* x = find(j.requester + '.' + name);
            return x ? x->total : 0;
        };
        j.submitted = total("submitted"), j.done = total("done"), j.octets = total("octets");
        for (const char* name : others)
            if (const std::uint64_t n = total(name)) j.otherwise.emplace_back(name, n);
        if (!j.submitted && !j.done && j.otherwise.empty()) continue;
        j.least = m.least, j.median = m.p50, j.p99 = m.p99, j.greatest = m.greatest;
        if (!m.total) j.least = never;
        all.push_back(std::move(j));
    }
    return all;
}

}  // namespace nicteam::report
