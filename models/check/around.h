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

// Equal steps, short beside the picture, one of which begins with the costliest silence and one of which ends with it, so that nothing is drawn within it.
// From a time before the first silence, not before `begin`, to one behind the last, not behind `end`. `fault`, `decided`: shown as well; `never`: none.
stretch stretch_around(const std::vector<report::gap>&, ps fault, ps decided, ps begin, ps end);

// `all` in order of time. The octets of a frame count evenly over the time since the one before it: else a steady flow would waver as a frame more or less
// falls into a step. Within a silence, more than twice as long as is usual, there are none: the frame that ends it is where the curve begins again, and one
// between two silences counts over the usual time behind it.
std::vector<std::uint64_t> octets_in(const stretch&, const std::vector<arrived>& all, ps usual);

}  // namespace nicteam::check
