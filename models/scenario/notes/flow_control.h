// PAUSE frames that stopped nobody: lines for the notes of a run.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

std::vector<std::string> flow_control_notes(const resolved&, sim::session&);

}  // namespace nicteam::scenario
