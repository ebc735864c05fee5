// Modes of teams that do not go with how the switch at their links groups its ports.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// A line each: where the mode or the group was written, what comes of it, and what would go together. A host is not told how its switch is set up,
// so that it may be what the scenario is to show: no error.
std::vector<std::string> modes_and_groups(const resolved&, const problems& sources);

}  // namespace nicteam::scenario
