// Reads back what write_of_teams() has written.
#pragma once

#include <nlohmann/json.hpp>

#include "nicteam/report/result.h"

namespace nicteam::report {

void read_of_teams(const nlohmann::ordered_json& result, run_result& to);    // throws json::exception, std::invalid_argument

}  // namespace nicteam::report
