// Priorities that one generation of controllers has and the others have not: what is refused, and what the schema knows of it.
#pragma once

#include <cstdint>

namespace nicteam::scenario {

struct priority_key {
    const char* key;         // a count of [nic.driver]
    bool of_an_82557;        // of it alone; else of all others
    std::int64_t off;        // the one value that there is elsewhere
    const char* why;
};
inline constexpr priority_key priority_keys[] = {
    {"linear_priority",    true,  0, "only an 82557 has linear priority"},
    {"priority_threshold", false, 7, "an 82557 knows no PAUSE frames"},
};

}  // namespace nicteam::scenario
