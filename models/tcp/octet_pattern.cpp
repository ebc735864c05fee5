#include "nicteam/tcp/octet_pattern.h"

#include <algorithm>

namespace nicteam::tcp {

// The finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, 2014).
std::uint64_t octet_pattern::word(std::uint64_t number) const {
    std::uint64_t z = key_ + (number + 1) * 0x9E37'79B9'7F4A'7C15u;
    z = (z ^ z >> 30) * 0xBF58'476D'1CE4'E5B9u;
    z = (z ^ z >> 27) * 0x94D0'49BB'1331'11EBu;
    return z ^ z >> 31;
}

void octet_pattern::append(bytes& out, std::uint64_t at, std::size_t n) const {
    const std::size_t begin = out.size();
    out.resize(begin + n);
    for (std::size_t k = 0; k < n;) {
        const std::uint64_t place = at + k, w = word(place / 8);
        const auto first = static_cast<unsigned>(place % 8);
        const std::size_t some = std::min<std::size_t>(8 - first, n - k);
        for (std::size_t j = 0; j < some; ++j) out[begin + k + j] = static_cast<std::uint8_t>(w >> 8 * (first + j));
        k += some;
    }
}

std::size_t octet_pattern::same(std::uint64_t at, packet::octets o) const {
    for (std::size_t k = 0; k < o.size;) {
        const std::uint64_t place = at + k, w = word(place / 8);
        const auto first = static_cast<unsigned>(place % 8);
        const std::size_t some = std::min<std::size_t>(8 - first, o.size - k);
        for (std::size_t j = 0; j < some; ++j)
            if (o.data[k + j] != static_cast<std::uint8_t>(w >> 8 * (first + j))) return k + j;
        k += some;
    }
    return o.size;
}

}  // namespace nicteam::tcp
