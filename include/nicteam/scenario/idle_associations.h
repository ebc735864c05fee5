// Associations that nothing can pass, though the scenario goes: what they were meant for goes as other policies say, or in the clear.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// A line each: where it stands, why nothing passes it, what would change that. One that ends in a host or nic may be for what a recording brings or
// comes in at an external port, and is no reason to speak then.
std::vector<std::string> idle_associations(const resolved&, const problems& sources);

}  // namespace nicteam::scenario
