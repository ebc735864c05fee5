// A scenario as what decides its outcome, and nothing else.
#pragma once

#include <functional>
#include <string>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// One line a value, in scenario order. Two scenarios with the same text find the same under one version of the model. Left out are the scenario's name
// and title, where values came from, [trace], and what only a sweep reads. `content`: what stands for a file that the run reads, instead of its name.
std::string canonical_text(const resolved&, const std::function<std::string(const std::string& file)>& content);

}  // namespace nicteam::scenario
