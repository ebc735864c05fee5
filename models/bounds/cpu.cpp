#include "nicteam/bounds/cpu.h"

namespace nicteam::bounds {

std::uint64_t cycles_per_packet(const std::vector<charged>& work) {
    std::uint64_t sum = 0;
    for (const charged& c : work) sum += c.times * c.cycles;
    return sum;
}

fraction packet_rate(ps period, std::uint64_t cycles, ps stall) {
    return {second, static_cast<__int128>(cycles) * period + stall};
}

}  // namespace nicteam::bounds
