#include "sweep/results/answers_of_files.h"

#include <algorithm>

#include "nicteam/report/stored.h"
#include "nicteam/scenario/pattern.h"
#include "sweep/results/answers_of_failovers.h"
#include "sweep/results/answers_of_flows.h"

namespace nicteam::sweep {
namespace {

bool told_whole(const question& q, const report::run_result& result, const scenario::resolved& r) {
    if (q.of == "use") return false;
    if (asks_failovers(q)) return true;
    if (asks_flows(q) || scenario::is_flow(q.pattern)) return q.pattern.find(" from ") == std::string::npos;
    const scenario::path_pattern wanted(q.pattern, r);
    return std::none_of(result.metrics.begin(), result.metrics.end(), [&](const report::metric_value& m) {
        return m.info->kind == metric_info::level && q.of != "greatest" && wanted.matches(m.path);
    });
}

}  // namespace

std::optional<std::vector<std::pair<question, std::vector<answer>>>> answers_of_files(const std::string& directory, const scenario::resolved& r,
                                                                                      const std::vector<question>& questions) {
    try {
        const report::stored_run run = report::read_results(directory);
        if (!std::all_of(questions.begin(), questions.end(), [&](const question& q) { return told_whole(q, run.result, r); })) return {};
        return answers_of(run.result, r, questions);
    } catch (const report::unreadable&) {
        return {};
    }
}

}  // namespace nicteam::sweep
