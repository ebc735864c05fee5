// What of teams is watched for the time lines of their failovers.
#pragma once

#include <vector>

#include "nicteam/check/failovers.h"
#include "nicteam/scenario/resolved.h"
#include "scenario/building/system.h"

namespace nicteam::scenario {

std::vector<check::watched_team> watched_teams(const resolved&, const system&);

}  // namespace nicteam::scenario
