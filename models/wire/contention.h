// The books of a half-duplex link without a repeater: the time in which neither end sends although one has something to send.
#pragma once

#include <algorithm>

#include "nicteam/base/metrics.h"
#include "nicteam/base/time.h"
#include "wire/line_negotiation.h"

namespace nicteam::wire {

class contention {
public:
    explicit contention(counter& c) : contended_(c) {}
    // Since when a side has something to send and does not send; `never`: it has not.
    void waits(line_side s, ps since, ps now) {
        count(now);
        at(since_, s) = since;
    }
    // The line of a side is free, the gap over, from then on; `never`: it sends.
    void free_from(line_side s, ps from, ps now) {
        count(now);
        at(free_, s) = from;
    }
    void count(ps until) {
        const ps from = std::max({std::min(since_[0], since_[1]), free_[0], free_[1], counted_until_});
        if (from >= until) return;
        contended_.add(static_cast<std::uint64_t>(until - from));
        counted_until_ = until;
    }

private:
    static ps& at(ps (&of)[2], line_side s) { return of[s == line_side::a ? 0 : 1]; }

    counter& contended_;
    ps since_[2] = {never, never}, free_[2] = {0, 0}, counted_until_ = 0;
};

}  // namespace nicteam::wire
