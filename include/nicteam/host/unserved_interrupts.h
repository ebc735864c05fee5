// When a line that nobody serves is given up, as Linux does it (kernel/irq/spurious.c, note_interrupt: "nobody cared"): of so many interrupts behind the first that no
// handler wanted, more than so many were not wanted either, none of them longer behind the one before than `apart`. Function only, no time of its own.
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"

namespace nicteam::host {

struct unserved_rule {
    unsigned of = 100'000;            // interrupts of a line that are looked at together; 0: no line is given up
    unsigned most = 99'900;           // of them that nobody wanted, without harm
    ps apart = 100 * millisecond;     // one so long behind the one before begins the count anew
};

class unserved_interrupts {
public:
    // An interrupt at `at` was served, or was not. True: the line is to be given up.
    bool taken(bool served, ps at, const unserved_rule& r) {
        if (served && !unserved_) return false;
        if (!served) {
            unserved_ = at > last_ + r.apart ? 1 : unserved_ + 1;
            last_ = at;
        }
        if (++taken_ < r.of || !r.of) return false;
        const bool stuck = unserved_ > r.most;
        taken_ = unserved_ = 0;
        return stuck;
    }

private:
    unsigned taken_ = 0, unserved_ = 0;
    ps last_ = 0;
};

// Whoever has the lines of a host.
class line_keeper {
public:
    virtual ~line_keeper() = default;
    virtual void give_up(unsigned line, ps at) = 0;
};

}  // namespace nicteam::host
