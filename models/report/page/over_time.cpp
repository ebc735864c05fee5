#include "nicteam/report/over_time.h"

#include <algorithm>

namespace nicteam::report {
namespace {

// Of a silence two steps, so that one has no packet; of a fault four.
ps longest_step(const run_result& r) {
    ps most = never;
    for (const failover& f : r.failovers)
        for (const gap& g : f.gaps)
            if (g.over() && g.length() > 2 * g.usual) most = std::min(most, g.length() / 2);
    for (const fault& f : r.faults)
        if (f.until != never && f.until > f.from) most = std::min(most, (f.until - f.from) / 4);
    return most;
}

}  // namespace

std::vector<const flow*> busiest_flows(const run_result& r) {
    std::vector<const flow*> all;
    for (const flow& f : r.flows)
        if (f.packets) all.push_back(&f);
    if (all.size() <= most_series) return all;
    std::stable_sort(all.begin(), all.end(), [](const flow* a, const flow* b) { return a->packets > b->packets; });
    all.resize(most_series);
    std::sort(all.begin(), all.end());
    return all;
}

ps readable_step(const run_result& r, const std::vector<const flow*>& flows) {
    ps step = 1;
    std::uint64_t packets = 0;
    for (const flow* f : flows) step = std::max(step, f->over_time.step), packets = std::max(packets, f->packets);
    const ps most = longest_step(r);
    while (static_cast<std::uint64_t>(r.window() / step) > std::max<std::uint64_t>(packets / 8, 16) && 2 * step <= most) step *= 2;
    return step;
}

}  // namespace nicteam::report
