// Parts of crypto blocks and cards that may limit a run: lanes between chips, engines.
#pragma once

#include <vector>

#include "nicteam/check/outputs.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

std::vector<check::watched_part> watched_parts(const resolved&);

}  // namespace nicteam::scenario
