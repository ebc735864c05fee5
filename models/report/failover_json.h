// Time lines of failovers in result.json: `failovers` and `reordering`, there only when there is something to tell.
#pragma once

#include "nicteam/report/result.h"
#include "report/json.h"

namespace nicteam::report {

void write_failovers(json_text&, const run_result&);

}  // namespace nicteam::report
