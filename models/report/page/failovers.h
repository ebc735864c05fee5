// The page's section on failovers; "" when there are none.
#pragma once

#include <string>

#include "nicteam/report/result.h"

namespace nicteam::report {

std::string failovers_section(const run_result&);

}  // namespace nicteam::report
