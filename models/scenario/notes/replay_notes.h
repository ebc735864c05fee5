// What of a file was not sent, or not when it says: lines for the notes of a run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "nicteam/peer/replay.h"
#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

// `replays`: by path.
std::vector<std::string> replay_notes(const resolved&, sim::session&, const std::map<std::string, const peer::replay*>& replays);

}  // namespace nicteam::scenario
