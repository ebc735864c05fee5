// What result.json has of teams and services of engines: `crossings`, `failovers`, `reordering`, there only when there is something to tell.
#pragma once

#include "nicteam/report/result.h"
#include "report/json.h"

namespace nicteam::report {

void write_of_teams(json_text&, const run_result&);

}  // namespace nicteam::report
