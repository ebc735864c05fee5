// What can be used up in a system, from the metrics of a window: buses, wires, CPUs. Demand over closed-form capacity.
#pragma once

#include <vector>

#include "check/bus_share.h"
#include "nicteam/check/outputs.h"

namespace nicteam::check {

std::vector<bounds::resource> resources_of(const report::run_result&, const std::vector<watched_bus>&, const std::vector<watched_wire>&,
                                           const std::vector<watched_cpu>&, const std::vector<watched_part>&);
// The collision domain that a half-duplex link is part of, or is; "": it is full duplex.
std::string medium_of(const watched_wire&);
// What the applications of peers have made and that has not begun at the end: it has no lifeline yet.
std::vector<report::held> queues_of(const report::run_result&);
std::string owner_of_queue(const report::held&);
std::vector<report::fill> fills_of(const report::run_result&, const std::vector<watched_fill>&);
std::vector<report::share> shares_of(const report::run_result&, const std::vector<watched_bus>&, const std::vector<std::unique_ptr<bus_share>>&);
std::vector<report::trouble> troubles_of(const report::run_result&);
std::vector<bounds::wait> waits_of(const report::run_result&);

}  // namespace nicteam::check
