// When what was powered up was ready, or why it was not: lines for the notes of a run.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

std::vector<std::string> start_notes(const resolved&, sim::session&);      // of each NIC that started cold; else of those that failed or would have

}  // namespace nicteam::scenario
