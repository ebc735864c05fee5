// Settings of teams that are good by themselves and that nothing, or nothing good, can come of here.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// A line each: where it was written, what comes of it, what would be otherwise. It may be what the scenario is to show: no error.
std::vector<std::string> idle_teams(const resolved&, const problems& sources);

}  // namespace nicteam::scenario
