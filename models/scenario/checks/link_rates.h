// A link's rate and who is at its ends: one answer, where the rate was asked for.
#pragma once

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// Whether a rate at which an end cannot run will be told of this link; then nothing else about its rate is worth saying.
bool rate_refused(const component& link, const resolved&);

}  // namespace nicteam::scenario
