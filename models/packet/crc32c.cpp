#include "nicteam/packet/crc32c.h"

#include <array>

namespace nicteam::packet {
namespace {

constexpr std::uint32_t reversed_polynomial = 0x82F63B78;

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t n = 0; n < t.size(); ++n) {
        std::uint32_t c = n;
        for (unsigned k = 0; k < 8; ++k) c = c & 1u ? c >> 1 ^ reversed_polynomial : c >> 1;
        t[n] = c;
    }
    return t;
}
constexpr auto remainders = make_table();

}  // namespace

std::uint32_t crc32c(octets data) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (std::size_t n = 0; n < data.size; ++n) crc = crc >> 8 ^ remainders[(crc ^ data[n]) & 0xFFu];
    return ~crc;
}

}  // namespace nicteam::packet
