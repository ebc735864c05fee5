// Marks a piece of work whose instructions scripts/bench counts under callgrind.
//
//     if (counting()) { counted_work w("saturated_bus"); … }   // and print: saturated_bus <amount> cycles <target>
#pragma once

#include <cstdlib>
#include <string_view>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name)
#endif

namespace nicteam::bench {

// scripts/bench asks for a short run whose amount of work is printed instead of its speed.
inline bool counting() {
    const char* mode = std::getenv("NICTEAM_BENCH");
    return mode && std::string_view(mode) == "count";
}

class counted_work {
public:
    explicit counted_work(const char* name) : name_(name) { CALLGRIND_ZERO_STATS; }
    ~counted_work() { CALLGRIND_DUMP_STATS_AT(name_); }

private:
    [[maybe_unused]] const char* name_;
};

}  // namespace nicteam::bench
