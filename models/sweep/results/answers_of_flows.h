// What is asked of flows beside what an [[expect]] can ask: their throughput, and all of them together, "flows" for short.
#pragma once

#include "sweep/results/record.h"

namespace nicteam::sweep {

// "throughput(A to B)": bits of frames that arrived, per second; "p99(flows)" and whatever else can be asked of one flow: of all together. Totals and rates
// add up, the mean is over all packets; least, greatest and percentiles are those of the flow where they are worst.
bool asks_flows(const question&);
answer answer_of_flows_before(const scenario::resolved&, const question&);  // throws std::invalid_argument
std::vector<answer> answers_of_flows(const report::run_result&, const scenario::resolved&, const question&);

}  // namespace nicteam::sweep
