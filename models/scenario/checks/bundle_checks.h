// What a [[policy]] protects with: associations that can stand one around the other.
#pragma once

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

void check_bundle(const component& policy, const resolved&, problems&);

}  // namespace nicteam::scenario
