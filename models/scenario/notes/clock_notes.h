// Buses that run at another clock than was asked for, or beyond PCI: lines for the notes of a run.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

std::vector<std::string> clock_notes(const resolved&);

}  // namespace nicteam::scenario
