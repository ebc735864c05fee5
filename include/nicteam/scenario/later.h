// Words for what is to come, and the one sentence that says so wherever they are said: as a command, a table, a key, to `explain`.
#pragma once

#include <string_view>

namespace nicteam::scenario {

bool is_for_later(std::string_view word);
inline constexpr const char* for_later = "not in this release";

}  // namespace nicteam::scenario
