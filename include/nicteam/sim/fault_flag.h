// A fault that is on or off: faults of one kind at one place may overlap, and an edge sees what was strictly before it.
#pragma once

#include "nicteam/base/time.h"
#include "nicteam/sim/session.h"

namespace nicteam::sim {

class fault_flag {
public:
    // Begins later than the instant of set(true), and ends later than that of the last set(false).
    bool on(ps at) const { return changed_ < at ? now_ : before_; }
    // True if the fault comes or goes.
    bool set(bool begin, ps at) {
        if (!count_.change(begin)) return false;
        if (at != changed_) before_ = now_;
        now_ = begin;
        changed_ = at;
        return true;
    }

private:
    fault_count count_;
    bool now_ = false, before_ = false;
    ps changed_ = -1;
};

}  // namespace nicteam::sim
