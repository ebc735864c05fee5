// Where scenarios are.
#pragma once

#include <string>
#include <vector>

namespace nicteam::runner {

std::string scenario_directory();  // those that came with nicteam; "" if there are none
// A file as given, or the shipped scenario of that name. If there is neither, the name itself, and `hint` names the nearest.
std::string find_scenario(const std::string& given, std::string& hint);

// Where a run of that name left its results, if it did so where runs do without --out: "; did you mean out/NAME?", or "".
std::string results_meant(const std::string& given);

}  // namespace nicteam::runner
