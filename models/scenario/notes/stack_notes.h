// What a host's stack could not send for want of a way: lines for the notes of a run.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

std::vector<std::string> stack_notes(const resolved&, sim::session&);      // one for each host and reason

}  // namespace nicteam::scenario
