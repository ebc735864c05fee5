// Whether what the scenario expects was so: comparisons on the metrics and events of the measuring window.
#pragma once

#include <string>
#include <vector>

#include "nicteam/base/units.h"
#include "nicteam/report/result.h"
#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"
#include "scenario/events.h"

namespace nicteam::scenario {

// What `of` makes of a metric, and in which kind of quantity it is told.
quantity quantity_of(const metric_info&, const std::string& of);
// Empty, or why this metric has no such thing, with what is allowed.
std::string unfit(const metric_info&, const std::string& of);

// The same for events: how often, and when first and last.
quantity quantity_of_events(const std::string& of);
std::string unfit_for_events(const std::string& of);

// Before the run: throws build_error for a pattern that meets no metric of the built model.
void check_metrics(const resolved&, sim::session&);
// After it.
std::vector<report::verdict> judge(const resolved&, const report::run_result&, const event_watch&);

}  // namespace nicteam::scenario
