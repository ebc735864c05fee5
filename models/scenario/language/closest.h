// Names in the order of their likeness to a word, however far away.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nicteam::scenario {

std::vector<std::string> closest(std::string_view word, const std::vector<std::string>& candidates, std::size_t most);

}  // namespace nicteam::scenario
