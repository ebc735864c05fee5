// What is wrong with an [[sa]] by itself, each at the key that it is about, or at the --set that made it so.
#pragma once

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// True: nothing, and parameters_of(sa) is an association.
bool check_objections(const component& sa, const resolved&, problems&);

}  // namespace nicteam::scenario
