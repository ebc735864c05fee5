// Running a scenario: builds the system, lets it run, judges the expectations, leaves the files. Within the kernel's sc_main.
#pragma once

#include <csignal>
#include <string>
#include <vector>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

struct run_options {
    std::string out;                 // directory; made if need be
    bool trace_given = false;        // `trace` stands instead of the scenario's [trace]
    std::vector<std::string> trace;  // of wave, pcap, packets
    bool json = false;               // the summary on stdout as JSON
    bool quiet = false;              // no summary
    bool progress = false;           // a line on stderr
    bool color = false;
    bool reverse = false;  // components are constructed last to first; nothing may change
    std::string version;
    std::vector<std::string> command;  // for run.json
    const volatile std::sig_atomic_t* interrupted = nullptr;
};

// The exit status: 0 all held, 1 an expectation failed, 2 nothing was run, 3 the model failed or a checker tripped,
// 130 interrupted. Every file of a run that ended in 0, 1 or 130 is whole; otherwise those that are not whole are absent.
int run(const resolved&, const problems& sources, const run_options&);

}  // namespace nicteam::scenario
