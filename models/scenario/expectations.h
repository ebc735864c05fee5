// Whether what the scenario expects was so: comparisons on the metrics of the measuring window.
#pragma once

#include <string>
#include <vector>

#include "nicteam/base/units.h"
#include "nicteam/report/result.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// What `of` makes of a metric, and in which kind of quantity it is told.
quantity quantity_of(const metric_info&, const std::string& of);
// Empty, or why this metric has no such thing, with what is allowed.
std::string unfit(const metric_info&, const std::string& of);

// Throws build_error for a metric pattern that meets no metric of the run.
std::vector<report::verdict> judge(const resolved&, const report::run_result&);

}  // namespace nicteam::scenario
