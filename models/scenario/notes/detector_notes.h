// Times of drivers and of a team's detectors that do not fit together.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

std::vector<std::string> detector_notes(const resolved&);

}  // namespace nicteam::scenario
