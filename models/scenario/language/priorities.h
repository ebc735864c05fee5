// Priorities that one generation of controllers has and the others have not: what is refused, and what the schema knows of it.
#pragma once

namespace nicteam::scenario {

struct priority_key {
    const char* key;         // of [nic.driver]
    bool of_an_82557;        // of it alone; else of all others
    const char* off;         // the one value that there is elsewhere, as TOML and JSON write it
    const char* why;
};
inline constexpr priority_key priority_keys[] = {
    {"linear_priority",       true,  "0",         "only an 82557 has linear priority"},
    {"linear_priority_after", true,  "\"own\"",   "only an 82557 has linear priority"},
    {"priority_threshold",    false, "7",         "an 82557 knows no PAUSE frames"},
};

}  // namespace nicteam::scenario
