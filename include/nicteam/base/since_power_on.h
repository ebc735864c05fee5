// Metrics that tell how a device came up. That happens once, as a rule before the measuring window begins: they are counted since
// power-on, whatever the window is.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

#include "nicteam/base/tables.h"

namespace nicteam {

// Names of rows of the controller, of its driver, and of a team.
inline constexpr std::string_view facts_of_bring_up[] = {"failed_start", "failed_self_test", "bad_eeprom", "no_phy", "ready_at", "link_at", "installed", "install_refused",
    "identified_300", "refused_300", "verified_302", "terminated_304", "presented_306"};

inline bool since_power_on(const metric_info& m) {
    return std::find(std::begin(facts_of_bring_up), std::end(facts_of_bring_up), m.name) != std::end(facts_of_bring_up);
}

}  // namespace nicteam
