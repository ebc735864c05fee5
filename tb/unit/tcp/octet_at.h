// A stream without a period: the octet at each position.
#pragma once

#include <cstdint>

namespace nicteam::tcp::test {

inline std::uint8_t octet_at(std::uint64_t seed, std::uint64_t position) {      // splitmix64
    std::uint64_t z = seed * 0xD1342543DE82EF95 + (position / 8 + 1) * 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return static_cast<std::uint8_t>((z ^ z >> 31) >> 8 * (position % 8));
}

}  // namespace nicteam::tcp::test
