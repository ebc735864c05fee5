// report.html of a run with charts to look closer: the page of report/page.h, and in it throughput, latency, use and queues over time, their zoom and the marks of
// faults shared, latencies by stage as curves, stages stacked; and beside it windows of the waveform. When zoomed, steps are shorter.
// Some 0.75 to 1 MB more than without.
#pragma once

#include <string>

namespace nicteam::pages {

void write_run_page(const std::string& directory);  // throws report::unreadable, report::write_error

}  // namespace nicteam::pages
