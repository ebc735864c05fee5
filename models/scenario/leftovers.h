// Results of an earlier run that would pass for this one's.
#pragma once

#include <string>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// Removes what an earlier run left in the directory: the files that every run may leave, and the captures and inputs that its
// config.resolved.toml names. What `next` replays from there stays, and so does whatever no run made.
void remove_results(const std::string& directory, const resolved& next);

}  // namespace nicteam::scenario
