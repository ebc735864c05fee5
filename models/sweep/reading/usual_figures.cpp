#include <algorithm>

#include "sweep/reading/description.h"

namespace nicteam::sweep {

std::vector<figure> usual_figures(const scenario::resolved& r, const std::vector<std::string>& names_taken) {
    std::vector<figure> all;
    const auto tell = [&](const std::string& name, const std::string& as, const char* unit) {
        if (std::find(names_taken.begin(), names_taken.end(), name) == names_taken.end()) all.push_back({name, unit, expression(as), {}, {}, {}, {}, {}, {}});
    };
    tell("throughput", "throughput(flows)", "Mbps");
    tell("latency_mean", "mean(flows)", "us");
    tell("latency_p99", "p99(flows)", "us");
    tell("use_of_limit", "use(limit)", "%");
    const auto teams = r.of_kind("team");
    if (r.of_kind("fault").empty()) return all;
    for (const scenario::component* team : teams) tell("outage" + (teams.size() > 1 ? "_" + team->path : ""), "outage(" + team->path + ")", "ms");
    return all;
}

}  // namespace nicteam::sweep
