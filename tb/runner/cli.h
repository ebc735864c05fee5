// The command line of `nicteam`, read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nicteam/scenario/host_work.h"

namespace nicteam::runner {

struct command {
    enum what_type { run, validate, list, explain, schema, report, sweep, compare } what = run;
    std::vector<std::string> scenarios;  // files or names; `list`, `report`: directories
    std::vector<std::string> keys;       // explain
    std::vector<std::string> sets;       // --set
    std::string seed, until;             // --seed, --until
    std::string out;                     // --out
    std::optional<std::vector<std::string>> trace;  // --trace: of wave, pcap, txn, packets, report
    bool trace_all = false;                         // it said "all": of whatever there is
    bool json = false, quiet = false, reverse = false;
    scenario::host_work host_work;       // --crypto-worker, --transform-cache
    unsigned jobs = 0;                              // sweep: processes at a time; 0: as many as there are cores
    unsigned shard = 0, shards = 1;                 // sweep: --shard i/n
    bool plain = false;                             // report: of a run, without charts
    double confidence = 0.95;                       // compare
    bool resume = false, retry_failed = false, dry_run = false;
};

// -1: carry on with `out`; else the exit status, everything said.
int read_command_line(int argc, char** argv, command& out);

constexpr int usage_error = 2;

}  // namespace nicteam::runner
