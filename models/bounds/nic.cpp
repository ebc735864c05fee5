#include "nicteam/bounds/nic.h"

#include <algorithm>

namespace nicteam::bounds {
namespace {

using clocks_of = std::int64_t (*)(std::uint32_t, const target_timing&);

// A frame's words in bursts: the first of `first` words, then of `burst` (0: all that is left).
std::int64_t in_bursts(std::uint32_t words, unsigned first, unsigned burst, clocks_of cost, const target_timing& t) {
    std::int64_t sum = 0;
    for (unsigned size = first ? first : burst; words > 0; size = burst) {
        const std::uint32_t n = size ? std::min(words, size) : words;
        sum += cost(n, t);
        words -= n;
    }
    return sum;
}

}  // namespace

std::int64_t transmit_clocks(std::uint32_t bytes, const frame_cost_options& o) {
    const std::int64_t resume = write_clocks(1);                 // to the NIC: medium DEVSEL#, no wait states
    const std::int64_t s_bit = read_clocks(1, o.memory);
    const std::int64_t block = read_clocks(o.command_words, o.memory);
    const std::int64_t data = in_bursts((bytes + 3) / 4, 0, o.burst_words, read_clocks, o.memory);
    const std::int64_t status = write_clocks(1, o.memory);
    return resume + s_bit + block + data + status;
}

std::int64_t receive_clocks(std::uint32_t bytes, const frame_cost_options& o) {
    const std::int64_t descriptor = read_clocks(o.receive_words, o.memory);
    const std::int64_t data = in_bursts((bytes + 3) / 4, o.first_words, o.burst_words, write_clocks, o.memory);
    const std::int64_t count = write_clocks(1, o.memory), status = write_clocks(1, o.memory);
    return descriptor + data + count + status;
}

fraction bus_frame_rate(ps period, std::int64_t clocks_per_frame) { return {second, static_cast<__int128>(period) * clocks_per_frame}; }

ps fifo_time(std::uint32_t bytes, std::int64_t bits_per_second) {
    const __int128 num = static_cast<__int128>(bytes) * 8 * second;
    return static_cast<ps>((2 * num + bits_per_second) / (2 * static_cast<__int128>(bits_per_second)));
}

}  // namespace nicteam::bounds
