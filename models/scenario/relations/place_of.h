// Where a message about a key points.
#pragma once

#include <string_view>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// Where that was written, or else the component.
position place_of(const component&, std::string_view key);

}  // namespace nicteam::scenario
