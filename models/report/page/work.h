// The page's sections on who did which work, and what it saved; "" when there is nothing to tell.
#pragma once

#include <string>

#include "nicteam/report/result.h"

namespace nicteam::report {

std::string shares_section(const run_result&);
std::string saved_section(const run_result&);

}  // namespace nicteam::report
