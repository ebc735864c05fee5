// Shares of work, cycles saved and jobs in words, for summary and page.
#pragma once

#include <string>
#include <vector>

#include "nicteam/report/result.h"

namespace nicteam::report {

std::string name_of(const work_shares&);                     // "frames sent"; "jobs of api: encrypt"
std::vector<std::vector<std::string>> rows_of(const work_shares&);       // by, count, its share, octets, its share; the last row is the sum
std::string saved_text(const saved_cycles&, ps window);      // "server: 20.2 Mcycles saved, 40.3 % of the time of its CPU: …"
std::vector<std::vector<std::string>> rows_of(const saved_cycles&);      // what for, row of the cost table, times, cycles

// Who asked, done, rate, bits of theirs, what became of others, shortest, half within, 99 % within, longest.
std::vector<std::string> row_of(const requester_jobs&, ps window);
inline const std::vector<std::string> heads_of_jobs{"asked by", "done", "rate", "bits", "otherwise", "min", "p50", "p99", "max"};
std::string exposure_text(const exposure&);                  // "0 octets of protected payload in the clear on 3 ports (167 frames judged)"

std::string jobs_text(const run_result&);
std::string shares_text(const run_result&);                  // for the summary; "" when there is nothing to tell
std::string saved_text(const run_result&, unsigned width);

}  // namespace nicteam::report
