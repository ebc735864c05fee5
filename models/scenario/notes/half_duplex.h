// Half duplex that one end does not know of: lines for the notes of a run.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/wire/cable.h"

namespace nicteam::scenario {

std::vector<std::string> half_duplex_notes(const resolved&, const std::function<const wire::cable*(const std::string& link)>&);

}  // namespace nicteam::scenario
