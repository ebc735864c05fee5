// What a device does without, where the machine is to blame: lines for the notes of a run.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

std::vector<std::string> device_notes(const resolved&);

}  // namespace nicteam::scenario
