// What a run that --until ended did not come to: lines for its notes.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// At the end of the run, whoever ended it. Where there are expectations, the summary says with them when it ended.
std::vector<std::string> end_notes(const resolved&);

}  // namespace nicteam::scenario
