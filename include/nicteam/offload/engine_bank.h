// Engines, and whose key they had last: of one direction, or of both when they share them.
#pragma once

#include "nicteam/offload/engine_pool.h"
#include "nicteam/offload/engine_timing.h"
#include "nicteam/state/handle.h"

namespace nicteam::offload {

class engine_bank {
public:
    engine_bank(clock_domain clock, const std::vector<unsigned>& engines) : pool(clock, engines) {}

    engine_pool pool;

    // Another association's packet was the last one; this one's is now.
    bool other_key(way w, state::handle h) {
        const bool other = way_ != w || association_ != h;
        way_ = w;
        association_ = h;
        return other;
    }

private:
    way way_ = way::in;
    state::handle association_;
};

}  // namespace nicteam::offload
