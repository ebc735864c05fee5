// `--dry-run`: the points, how many runs are left, and what they would take.
#pragma once

#include "sweep/running/task.h"

namespace nicteam::sweep {

int dry_run(task&);  // the exit status; prints, throws as report::write_output

}  // namespace nicteam::sweep
