// A clock domain: edges at phase + n * period, n any integer. Plain arithmetic; no clock process exists.
#pragma once

#include "nicteam/base/time.h"

namespace nicteam {

class clock_domain {
public:
    constexpr explicit clock_domain(ps period, ps phase = 0) : period_(period), phase_(phase % period) {}

    constexpr ps period() const { return period_; }
    constexpr ps phase() const { return phase_; }

    // Number of the last edge at or before t.
    constexpr std::int64_t index(ps t) const {
        const ps d = t - phase_;
        return d >= 0 ? d / period_ : -((-d + period_ - 1) / period_);
    }
    constexpr ps edge(std::int64_t n) const { return phase_ + n * period_; }
    constexpr bool on_edge(ps t) const { return edge(index(t)) == t; }

    // The n-th edge strictly later than t (n >= 1): also every crossing into this domain.
    constexpr ps after(ps t, std::int64_t n = 1) const { return edge(index(t) + n); }

    // The first edge at or later than t: outside stimulus counts as just before the edge that it falls on.
    constexpr ps at_or_after(ps t) const { return edge(index(t - 1) + 1); }

    // Whole periods from one edge to another.
    constexpr std::int64_t cycles(ps from, ps to) const { return index(to) - index(from); }

private:
    ps period_;
    ps phase_;
};

}  // namespace nicteam
