// CPUs that a line which nobody quietens keeps busy: lines for the notes of a run.
#pragma once

#include <string>
#include <vector>

#include "nicteam/report/result.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// One for each CPU of which taking interrupts for nothing took a tenth of the window or more.
std::vector<std::string> interrupt_storms(const resolved&, const report::run_result&);

}  // namespace nicteam::scenario
