#pragma once

#include <stdexcept>
#include <string>

#include "nicteam/scenario/problem.h"

namespace nicteam::scenario {

// What a scenario asks for and cannot be built: told as an error of the scenario.
struct build_error : std::runtime_error {
    build_error(position p, const std::string& text) : std::runtime_error(text), at(p) {}
    position at;
};

}  // namespace nicteam::scenario
