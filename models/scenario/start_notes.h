// When what was powered up was ready: lines for the notes of a run that started cold.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

std::vector<std::string> start_notes(const resolved&, sim::session&);      // one for each NIC; none if the run started ready

}  // namespace nicteam::scenario
