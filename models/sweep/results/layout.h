// How results lie in results.sqlite: what a reader may count on.
#pragma once

#include <string>

#include "nicteam/sweep/stored.h"

namespace nicteam::sweep {

// Fact `format`: another one whenever a column that readers need comes, goes or changes its kind.
inline constexpr const char* results_format = "1";

// Throws report::unreadable, with `file` and what is not as it should be.
void check_layout(const std::string& file, const stored_sweep&);

}  // namespace nicteam::sweep
