// One property of one metric over a window: what expectations compare and sweeps keep.
#pragma once

#include <cstdint>
#include <string>

#include "nicteam/base/time.h"
#include "nicteam/report/result.h"

namespace nicteam::scenario {

std::int64_t clip(__int128);  // what 64 bits hold of it
// `of` fits the metric (language/measures.h), and it is known.
std::int64_t value_of(const report::metric_value&, const std::string& of, ps window);

// Of packets: how many, or their times.
std::int64_t value_of(const report::distribution&, const std::string& of, ps window);

}  // namespace nicteam::scenario
