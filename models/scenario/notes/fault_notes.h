// What a reader must know of the faults of a run: which of them nobody can tell of, and which do what is done already.
#pragma once

#include <string>
#include <vector>

#include "nicteam/report/result.h"
#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

std::vector<std::string> fault_notes(const resolved&);
// Hosts whose books cannot be believed any more.
std::vector<std::string> doubt_notes(const resolved&, sim::session&);

// Those that began before the end, for results.
std::vector<report::fault> faults_of(const resolved&, ps end);

}  // namespace nicteam::scenario
