// What can be asked of a metric or an event: the key `of` of an [[expect]].
#pragma once

#include <string>

#include "nicteam/base/units.h"
#include "nicteam/base/tables.h"

namespace nicteam::scenario {

// A level of unit "ps" or "" is 0 or 1: busy or not. Its integral is a time, its mean a ratio.
bool on_off(const metric_info&);

// What `of` makes of a metric, and in which kind of quantity it is told.
quantity quantity_of(const metric_info&, const std::string& of);
// Empty, or why this metric has no such thing, with what is allowed.
std::string unfit(const metric_info&, const std::string& of);

// The same for events: how often, and when first and last.
quantity quantity_of_events(const std::string& of);
std::string unfit_for_events(const std::string& of);

// And for flows: packets that arrived, or their time from birth to arrival.
quantity quantity_of_flows(const std::string& of);
std::string unfit_for_flows(const std::string& of);

}  // namespace nicteam::scenario
