// `nicteam run`.
#pragma once

#include "cli.h"
#include "nicteam/scenario/read.h"
#include "nicteam/scenario/run.h"

namespace nicteam::runner {

// Reads one scenario; what is wrong goes to stderr and leaves `what` empty.
scenario::reading read_scenario(const command&, const std::string& given);

std::vector<std::string> from_environment();  // NICTEAM_SET

// Ctrl-C and its like end a run in order: to be called before anything long begins.
void listen_for_signals();

// Checks all scenarios, then runs each: one in this process, several in a process each. The worst status.
int run_all(const command&, int argc, char** argv);
// One that was read, with options of its own, in this process; at most once in it.
int run_here(scenario::reading&, const scenario::run_options&, int argc, char** argv);
const volatile std::sig_atomic_t* stop_flag();  // not 0: a signal asked for the end
bool color_wanted();                 // standard output is a terminal, and NO_COLOR is not set
// Within the kernel: the scenario that run_all() chose.
int simulate(const command&);

}  // namespace nicteam::runner
