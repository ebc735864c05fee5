#include "nicteam/bounds/ethernet.h"

namespace nicteam::bounds {
namespace {

ps octets_time(std::int64_t octets, std::int64_t bits_per_second) {
    const __int128 num = static_cast<__int128>(octets) * 8 * second;
    return static_cast<ps>((2 * num + bits_per_second) / (2 * static_cast<__int128>(bits_per_second)));
}

}  // namespace

fraction frame_rate(std::int64_t bits_per_second, std::uint32_t octets, unsigned gap, unsigned preamble) {
    return {bits_per_second, 8 * (static_cast<__int128>(octets) + preamble + gap)};
}

fraction mean_frame_rate(std::int64_t bits_per_second, std::uint64_t octets, std::uint64_t frames) {
    const __int128 n = static_cast<__int128>(frames);
    return {bits_per_second * n, 8 * (static_cast<__int128>(octets) + n * (preamble_octets + gap_octets))};
}

ps frame_spacing(std::int64_t bits_per_second, std::uint32_t octets, unsigned gap, unsigned preamble) {
    return octets_time(static_cast<std::int64_t>(octets) + preamble + gap, bits_per_second);
}

ps frame_time(std::int64_t bits_per_second, std::uint32_t octets, unsigned preamble) { return frame_spacing(bits_per_second, octets, 0, preamble); }

fraction frame_throughput(std::int64_t bits_per_second, std::uint32_t octets) {
    const fraction f = frame_rate(bits_per_second, octets);
    return {f.numerator * 8 * octets, f.denominator};
}

}  // namespace nicteam::bounds
