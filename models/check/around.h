// Steps in which to show what arrived around the silences of a failover.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/report/failover.h"

namespace nicteam::check {

struct arrived { ps at; std::uint32_t octets; };

struct stretch {
    report::failover::steps steps;
    std::size_t count = 0;                       // whole steps; 0: there is nothing to show
};

// Equal steps, a whole number of the slowest flow's usual spacings long, so that a steady flow is drawn as steady; not longer than half of the shortest
// silence that is one, so that a whole step of it is empty, unless there would be too many of them. One begins with the costliest silence. From a
// time before the first silence, not before `begin`, to one behind the last, not behind `end`. `fault`, `decided`: shown as well; `never`: none.
stretch stretch_around(const std::vector<report::gap>&, ps fault, ps decided, ps begin, ps end);

// `all` in order of time. The octets of a frame count evenly over the time since the one before it, or what is usual when that was longer: else a steady
// flow would waver as a frame more or less falls into a step.
std::vector<std::uint64_t> octets_in(const stretch&, const std::vector<arrived>& all, ps usual);

}  // namespace nicteam::check
