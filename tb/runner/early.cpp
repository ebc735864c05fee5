// Ctrl-C while the loader still sets up libraries, some milliseconds: what stands in this section is called before any constructor
// (System V gABI, chapter 5, DT_PREINIT_ARRAY), with the arguments of main(). Where a linker leaves it out, main() does the same later.
#include <cstring>

#include "end_on_signals.h"
#include "run.h"

namespace {

void listen_early(int argc, char** argv, char**) {
    const auto asked = [&](const char* what) { return argc > 1 && std::strcmp(argv[1], what) == 0; };
    if (asked("run") || asked("sweep")) nicteam::runner::listen_for_signals();
    if (asked("report") || asked("compare")) nicteam::runner::end_on_signals();
}

__attribute__((used, section(".preinit_array"))) void (*const before_all_constructors)(int, char**, char**) = listen_early;

}  // namespace
