// Settings that are good by themselves and that nothing can come of, another one being as it is.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// A line each: where it was written, and what would have to be otherwise. Not of what a file says when the other is a --set: a run
// that asks for less is no reason to speak (docs/decisions/0131).
std::vector<std::string> idle_settings(const resolved&, const problems& sources);

}  // namespace nicteam::scenario
