// What the feedback path saved: a nic with it beside one whose host does the work (return_path = "host"), of what came to the sockets of both.
#pragma once

#include <string>
#include <vector>

#include "nicteam/report/result.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// Nothing unless there is just one of each kind, and something came to either host.
std::vector<std::string> feedback_saved(const resolved&, const report::run_result&);

}  // namespace nicteam::scenario
