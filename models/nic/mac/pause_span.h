// From when to when a received flow control frame holds transmission back.
#pragma once

#include "nicteam/base/time.h"

namespace nicteam::nic {

struct pause_span {
    ps from = 0, until = 0;                // octet edges: held at those from `from` on and before `until`

    bool lasts(ps at) const { return at >= from && at < until; }

    // One that comes while another lasts takes over without a break. False: there is nothing to hold and nothing to end.
    bool take(ps begin, ps end, ps now) {
        if (!lasts(now)) {
            if (end <= begin) return false;
            from = begin;
        }
        until = end;
        return true;
    }
};

}  // namespace nicteam::nic
