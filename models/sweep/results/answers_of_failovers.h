// What is asked of a team's failovers: means over those that a fault of the scenario began, in seconds (docs/outputs.md, "failovers").
#pragma once

#include "sweep/expressions/measures.h"
#include "sweep/results/record.h"

namespace nicteam::sweep {

bool asks_failovers(const question&);
bool names_team(const question&, const scenario::resolved&);

// One for each team that the pattern names; without a value when there was no such failover, or one that has not ended.
std::vector<answer> answers_of_failovers(const report::run_result&, const scenario::resolved&, const question&);

}  // namespace nicteam::sweep
