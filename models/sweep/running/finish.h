// Behind the last run: the tables, and what is said of the sweep.
#pragma once

#include "sweep/running/all_runs.h"

namespace nicteam::sweep {

ended finish(task&, const ran&);

}  // namespace nicteam::sweep
