// Traces that were asked for on the command line and that nothing can come of.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// A line each: where it was asked for, what is not there, what would bring it. `all`: --trace all, which means what there is.
// What a file says is kept for runs that ask for more, and no reason to speak.
std::vector<std::string> idle_traces(const resolved&, const problems& sources, bool all);

}  // namespace nicteam::scenario
