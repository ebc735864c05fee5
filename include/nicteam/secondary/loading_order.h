// In which order engines are loaded (source documents 000/001, ¶41, ¶47-49; rows ): those that cannot carry regular traffic
// first, then idle ones, then those that carry it, as far as they have room; software at last, if ever. Plain C++.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::secondary {

// What an engine is used for beside jobs. The team says it, and says it anew when it changes.
enum class engine_use : std::uint8_t {
    defective,       // of a member that cannot transmit or receive, but works
    idle,            // of a member that carries no regular traffic, or of no member: a crypto card
    active,          // of a member that carries regular traffic: `most` is the threshold of row A-88
    last_resort,     // software: only when no other engine can do the job
};
constexpr unsigned engine_uses = 4;

struct engine_setting {
    engine_use use = engine_use::idle;
    bool up = true;                       // it answers
    unsigned most = 16;                   // jobs that it may have, waiting and given to its unit; 0: only what no engine that may have some could do, one at a time
    unsigned given = 4;                   // of these, given to its unit at a time
    std::uint64_t rate = 1;               // octets per second that it is said to do; more than 0
    std::uint32_t own = 0;                // share that its own traffic takes, in millionths
};

// Of one engine, when a job wants a place.
struct engine_state {
    engine_use use = engine_use::idle;
    bool can = false;                     // it is up and can do this job
    bool room = false;
};

enum class loading : std::uint8_t {
    in_order,        // only engines of the first use with room: AFT
    all_alike,       // every engine with room, but software: ALB, and a primary with bandwidth available (claims 3 and 10)
};

// Sets open[n] for the engines that may have the job; false: none. Software is open when no other engine can do it.
bool open_engines(const std::vector<engine_state>&, loading, std::vector<bool>& open);

}  // namespace nicteam::secondary
