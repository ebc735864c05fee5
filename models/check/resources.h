// What can be used up in a system, from the metrics of a window: buses, wires, CPUs. Demand over closed-form capacity.
#pragma once

#include <vector>

#include "nicteam/check/outputs.h"

namespace nicteam::check {

std::vector<bounds::resource> resources_of(const report::run_result&, const std::vector<watched_bus>&, const std::vector<watched_wire>&);
std::vector<report::fill> fills_of(const report::run_result&, const std::vector<watched_fill>&);
std::vector<bounds::wait> waits_of(const report::run_result&);

}  // namespace nicteam::check
