// A target of libFuzzer: does something with any octets and must come back. What may never happen is demanded: it ends the program.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "fuzz/tape.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets);

namespace nicteam::fuzz {

inline void demand(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fuzz: it does not hold that %s\n", what);
    std::abort();
}

}  // namespace nicteam::fuzz
