// Engines of nics and crypto cards that failed: at how much, and when they were out of use (decision 93).
#pragma once

#include <string>
#include <vector>

#include "nicteam/sim/session.h"
#include "scenario/building/system.h"

namespace nicteam::scenario {

std::vector<std::string> engine_notes(const resolved&, sim::session&, const system&);

}  // namespace nicteam::scenario
