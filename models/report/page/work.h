// The page's sections on jobs, on who did which work, on what it saved, and on what was seen in the clear; "" when there is nothing to tell.
#pragma once

#include <string>

#include "nicteam/report/result.h"

namespace nicteam::report {

std::string shares_section(const run_result&);
std::string saved_section(const run_result&);
std::string jobs_section(const run_result&);
std::string exposure_section(const run_result&);

}  // namespace nicteam::report
