// All that the notes of a run say, in the order in which they stand there.
#pragma once

#include "nicteam/report/result.h"
#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"
#include "scenario/building/system.h"

namespace nicteam::scenario {

// Behind the run, when its flows and metrics are known.
void add_notes(const resolved&, sim::session&, system&, report::run_result&);

}  // namespace nicteam::scenario
