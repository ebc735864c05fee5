// What a run finds in the directory for its results.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// Removes what an earlier run left, as its run.json lists it: results under the same names would pass for this run's. What is
// not listed there stays, and so does every file that this run reads.
void remove_results(const std::string& directory, const resolved& next, const problems& sources);

// The names that the run will write, those in inputs/ apart.
std::vector<std::string> written_by(const resolved&);

// Whether `file` is one that the scenario was read from or that it replays.
bool is_input(const std::string& file, const resolved&, const problems& sources);

}  // namespace nicteam::scenario
