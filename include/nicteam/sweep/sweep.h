// `nicteam sweep`: many runs of one scenario, each in a process of its own; what is kept; how it goes on when it was stopped.
#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "nicteam/scenario/read.h"
#include "nicteam/scenario/run.h"

namespace nicteam::sweep {

struct sweep_options {
    std::string out;                // directory of the sweep
    unsigned jobs = 1;              // processes at a time
    bool resume = false;            // the directory may hold finished runs of this sweep: they count
    bool retry_failed = false;      // with resume: those that failed are run again
    unsigned shard = 0, shards = 1;  // of the runs those whose number leaves this remainder; tables are made by a merge behind all shards
    bool merge = false;             // runs nothing: makes the tables of what is there
    bool dry_run = false;           // the points, and what they would take
    bool quiet = false, progress = false;
    scenario::host_work host_work;  // of each run; automatic: no thread of its own where several runs go on at a time
    std::string version;
    std::string build;              // of the program: runs of another one are none of this sweep's (decision 227); "": not known
    const volatile std::sig_atomic_t* interrupted = nullptr;
    // Runs a scenario that was read, in the process that it is called in; the exit status is that of scenario::run.
    std::function<int(scenario::reading&, const scenario::run_options&)> run;
};

struct ended {
    int status = 0;
    bool tables = false;    // they are there
    std::string summary{};  // for standard output; "" without tables, or if `quiet`
};

// `nicteam sweep FILE --set …`. `status`: 0 all held; 1 an expectation or a closed form did not hold; 2 usage, or the sweep cannot be as it is
// described; 3 something could not be written; 4 some runs failed, were killed from outside, or are missing behind a merge; 130 interrupted, all that had
// ended is kept. A dry run prints; throws as report::write_output.
ended sweep(const std::string& file, const scenario::read_options&, const sweep_options&);

// All that is wrong with the sweep in a scenario that is right itself, a line each, as sweep() tells it before its first run. "": nothing, or no sweep.
// One in which nothing varies is right: somebody may vary it on the command line.
std::string problems_of(const std::string& file, const scenario::read_options&);

// `nicteam sweep merge DIRECTORY`: tables of what is there; the description is read again from where it was.
ended merge(const std::string& directory, const sweep_options&);

}  // namespace nicteam::sweep
