// Whether what the scenario expects was so: comparisons on the metrics and events of the measuring window.
#pragma once

#include <string>
#include <vector>

#include "nicteam/report/result.h"
#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"
#include "scenario/running/events.h"

namespace nicteam::scenario {

// Before the run: throws build_error for a pattern that meets no metric of the built model.
void check_metrics(const resolved&, sim::session&);
// After it.
std::vector<report::verdict> judge(const resolved&, const report::run_result&, const event_watch&);

}  // namespace nicteam::scenario
