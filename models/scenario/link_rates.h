// A link's rate and who is at its ends: one answer, where the rate was asked for.
#pragma once

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// Links that were given a rate at which an end cannot run; each rate is told of once, however many links it was given to.
void check_link_rates(const resolved&, problems&);
// Whether that will be told of this link; then nothing else about its rate is worth saying.
bool rate_refused(const component& link, const resolved&);

}  // namespace nicteam::scenario
