// Ctrl-C while the loader still sets up libraries, some milliseconds: what stands in this section is called before any constructor
// (System V gABI, chapter 5, DT_PREINIT_ARRAY), with the arguments of main(). Where a linker leaves it out, main() does the same later.
#include <cstring>

#include "run.h"

namespace {

void listen_early(int argc, char** argv, char**) {
    if (argc > 1 && std::strcmp(argv[1], "run") == 0) nicteam::runner::listen_for_signals();
}

__attribute__((used, section(".preinit_array"))) void (*const before_all_constructors)(int, char**, char**) = listen_early;

}  // namespace
