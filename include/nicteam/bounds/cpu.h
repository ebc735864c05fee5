// Software as a bound: a CPU serves one packet after another.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/bounds/fraction.h"

namespace nicteam::bounds {

struct charged { std::uint64_t times, cycles; };       // an operation of the cost table, so many times a packet

std::uint64_t cycles_per_packet(const std::vector<charged>&);

// Packets per second at `cycles` cycles of `period` each plus `stall` of waiting for the bus a packet.
fraction packet_rate(ps period, std::uint64_t cycles, ps stall = 0);

}  // namespace nicteam::bounds
