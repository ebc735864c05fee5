// A failover in words, for summary and page.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nicteam/report/result.h"

namespace nicteam::report {

std::string heading_of(const failover&);                     // "server.team0: nic0 to nic1; link_down of lan0"
// What happened when, in order of time: the instant, how long after the fault (or what came first), and what.
struct moment { ps at; std::string after, text; };
std::vector<moment> moments_of(const failover&);
std::string loss_text(const gap&);                           // "4: 3 link_down in lan0.a_to_b, 1 cut_at_switch in core"; "none"
std::string exact_text(ps);                                  // "7 200.345006 us": to the picosecond
std::string usual_text(const gap&);                          // between two frames of the flow: "250.000000 us"; "-"
std::string length_text(const gap&);                         // "1 250.000000 us"; "to the end of the run"

std::string failovers_text(const run_result&, unsigned width);     // for the summary; "" when there are none

}  // namespace nicteam::report
