// The charts of the page, each a <figure> with inline SVG; "" where there is nothing to draw.
#pragma once

#include <string>

#include "nicteam/report/over_time.h"
#include "nicteam/report/stored.h"

namespace nicteam::report {

class plot;

void mark_faults(plot&, const run_result&);
std::string throughput_chart(const run_result&);
std::string use_chart(const run_result&);
std::string losses_chart(const run_result&);
std::string latency_chart(const run_result&);
std::string jobs_charts(const run_result&);     // throughput and latency of jobs, by requester
// The way of a fast, a middling and a slow packet of each flow, from packets.csv.
std::string lifelines_chart(const run_result&, const std::string& packets_csv);

}  // namespace nicteam::report
