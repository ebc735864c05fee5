// What resources would have had to do for packets that never came to them.
#pragma once

#include "nicteam/check/outputs.h"
#include "nicteam/report/result.h"

namespace nicteam::check {

// Fills in `waiting` and `missing` of every resource, from senders, flows and packets that did not arrive.
void add_demand(report::run_result&, const std::vector<watched_bus>&, const std::vector<watched_wire>&);

}  // namespace nicteam::check
