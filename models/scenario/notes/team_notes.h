// What a team did without: members that it refused, partners that did not answer: lines for the notes of a run.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

std::vector<std::string> team_notes(const resolved&, sim::session&);

}  // namespace nicteam::scenario
