// The command line of `nicteam`, read.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nicteam::runner {

struct command {
    enum what_type { run, validate, list, explain, schema, report } what = run;
    std::vector<std::string> scenarios;  // files or names; `list`, `report`: directories
    std::vector<std::string> keys;       // explain
    std::vector<std::string> sets;       // --set
    std::string seed, until;             // --seed, --until
    std::string out;                     // --out
    std::optional<std::vector<std::string>> trace;  // --trace: of wave, pcap, txn, packets, report
    bool trace_all = false;                         // it said "all": of whatever there is
    bool json = false, quiet = false, reverse = false;
};

// -1: carry on with `out`; else the exit status, everything said.
int read_command_line(int argc, char** argv, command& out);

constexpr int usage_error = 2;

}  // namespace nicteam::runner
