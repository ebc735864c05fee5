// The rows of the CPU's tables by name; models/host/cpu_tables.cpp.
#pragma once

#include "nicteam/base/tables.h"
#include "nicteam/host/costs.h"

namespace nicteam::host {

enum class cpu_metric : unsigned { busy, interrupts, spurious, read_stall, write_stall, reads, writes, aborts, stalled, work, lock_wait, number_of };
constexpr unsigned cpu_metric_count = static_cast<unsigned>(cpu_metric::number_of);

// cpu_info.metrics: cpu_metric's rows, then one per cost, then the costs of rooms above.
inline const metric_info& row_of(const block_info& b, cpu_metric m) { return b.metrics.rows[static_cast<unsigned>(m)]; }

}  // namespace nicteam::host
