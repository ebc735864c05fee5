// Running a scenario: builds the system, lets it run, judges the expectations, leaves the files. Within the kernel's sc_main.
#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "nicteam/report/result.h"
#include "nicteam/scenario/host_work.h"
#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

struct run_options {
    std::string out;                 // directory; made if need be
    bool json = false;               // the summary on stdout as JSON
    bool quiet = false;              // no summary
    bool progress = false;           // a line on stderr
    bool color = false;
    bool reverse = false;  // components are constructed last to first; nothing may change
    std::string version;
    std::vector<std::string> command;  // for run.json
    const volatile std::sig_atomic_t* interrupted = nullptr;
    std::vector<std::string> flows{};  // patterns of flows that `finished` asks for, besides those of the expectations (scenario::measure)
    scenario::host_work host_work{};  // nothing of what the run finds depends on it
    std::function<void(const std::string& why)> not_written{};  // once, of the first file that it could not write, or of the directory
    std::function<void(const report::run_result&)> finished{};  // what the run found, judged; not called for one that the model failed
};

// Why this run may not leave its results in the directory, or "": it would write over what it reads, or over a file that no
// earlier run left. Nothing is touched; who calls run() asks before.
std::string refusal(const resolved&, const problems& sources, const std::string& directory);

// The exit status: 0 all held, 1 an expectation failed, 2 nothing was run, 3 the model failed, a checker tripped or something could
// not be written, 130 interrupted, 141 as 0, but who read standard output left. Nothing in the directory is touched before the run
// begins; what an earlier run left goes then. Every file that is there is whole. One that cannot be written is left out and told of
// on stderr and in run.json; the run goes on, and all others are there. Only where the model failed there is none.
int run(const resolved&, const problems& sources, const run_options&);
inline constexpr int reader_left = 141;  // as a shell shows that a tool ended by SIGPIPE

}  // namespace nicteam::scenario
