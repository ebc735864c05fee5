// Counters of a run by path, for notes.
#pragma once

#include <cstdint>
#include <string>

#include "nicteam/sim/session.h"

namespace nicteam::scenario {

// 0 also where there is no such counter.
inline std::uint64_t counted(sim::session& s, const std::string& path) {
    for (const sim::bound_metric& m : s.metrics())
        if (m.path == path && m.as_counter) return m.as_counter->value();
    return 0;
}

}  // namespace nicteam::scenario
