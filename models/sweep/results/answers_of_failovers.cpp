#include "sweep/results/answers_of_failovers.h"

#include <algorithm>
#include <iterator>

#include "nicteam/scenario/pattern.h"

namespace nicteam::sweep {
namespace {

void times_of(const std::string& what, const report::failover& f, std::vector<ps>& all) {
    if (what == "outage") {
        for (const report::gap& g : f.gaps) all.push_back(g.length());
    } else if (what == "decision") {
        all.push_back(f.fault_at == never || f.decided == never ? never : f.decided - f.fault_at);
    } else {
        all.push_back(f.detected());
    }
}

}  // namespace

bool asks_failovers(const question& q) {
    return std::find(std::begin(failover_measures), std::end(failover_measures), q.of) != std::end(failover_measures);
}

bool names_team(const question& q, const scenario::resolved& r) {
    const scenario::path_pattern wanted(q.pattern, r);
    const auto teams = r.of_kind("team");
    return std::any_of(teams.begin(), teams.end(), [&](const scenario::component* c) { return wanted.matches(c->path); });
}

std::vector<answer> answers_of_failovers(const report::run_result& result, const scenario::resolved& r, const question& q) {
    const scenario::path_pattern wanted(q.pattern, r);
    std::vector<answer> answers;
    for (const scenario::component* team : r.of_kind("team")) {
        if (!wanted.matches(team->path)) continue;
        std::vector<ps> all;
        for (const report::failover& f : result.failovers)
            if (f.team == team->path && !f.fault.empty() && !f.fault_ends) times_of(q.of, f, all);
        answer a{team->path, "s", {}};
        // What did not end has no mean.
        if (!all.empty() && std::find(all.begin(), all.end(), never) == all.end()) {
            double sum = 0;
            for (const ps t : all) sum += static_cast<double>(t);
            a.value = sum / 1e12 / static_cast<double>(all.size());
        }
        answers.push_back(a);
    }
    return answers;
}

}  // namespace nicteam::sweep
