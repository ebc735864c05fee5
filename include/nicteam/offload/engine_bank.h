// Engines, and whose key they had last: of one direction, or of both when they share them.
#pragma once

#include "nicteam/offload/engine_pool.h"
#include "nicteam/offload/engine_timing.h"
#include "nicteam/offload/engine_use.h"
#include "nicteam/state/handle.h"

namespace nicteam::offload {

class engine_bank {
public:
    engine_bank(const sc_core::sc_object& owner, clock_domain clock, const engine_set& set)
        : clock_(clock), groups_(set.groups()), use_(owner, clock, set), pool(clock, groups_, &use_) {}

private:
    clock_domain clock_;
    std::vector<unsigned> groups_;
    engine_use use_;

public:
    engine_pool pool;
    void stop(ps at) {                           // nobody wants what was asked for
        use_.stop(at);
        pool = engine_pool(clock_, groups_, &use_);
    }

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
