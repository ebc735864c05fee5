// What charts of a run over time draw, and in which steps; the same on the page that a run leaves and on the one to look closer.
#pragma once

#include <cstddef>
#include <vector>

#include "nicteam/report/result.h"

namespace nicteam::report {

inline constexpr std::size_t most_series = 8;  // of one chart, as many as there are colours; the page says when there are more

// The flows with the most packets, in the order of the result.
std::vector<const flow*> busiest_flows(const run_result&);

// In which the busiest of the flows has eight packets or so: shorter ones would show the gaps between packets, not how many came. Not so long that a
// silence of a failover, or a fault that ends, drowns in it; but no shorter than their series are kept in, of which it is a power of two.
ps readable_step(const run_result&, const std::vector<const flow*>&);

}  // namespace nicteam::report
