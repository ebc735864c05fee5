// Shares of work and cycles saved, to result.json and back.
#pragma once

#include <nlohmann/json.hpp>

#include "nicteam/report/result.h"
#include "report/json.h"

namespace nicteam::report {

void write_work(json_text&, const run_result&);
void read_work(const nlohmann::ordered_json&, run_result&);      // throws what the library throws

}  // namespace nicteam::report
