#include "nic/mac/crc16.h"

#include "nic/octets.h"
#include "nicteam/packet/fcs.h"

namespace nicteam::nic {

std::uint16_t crc16_of(const std::uint8_t* p, std::size_t n) {
    constexpr unsigned reflected_polynomial = 0x8408;
    unsigned r = 0xFFFF;
    for (; n > 0; --n, ++p) {
        r ^= *p;
        for (int bit = 0; bit < 8; ++bit) r = r >> 1 ^ (r & 1 ? reflected_polynomial : 0u);
    }
    return static_cast<std::uint16_t>(~r);
}

void put_crc16(frame& f) {
    const std::size_t n = f.data.size() - crc16_octets;
    put16(f.data.data() + n, crc16_of(f.data.data(), n));
}

bool crc16_good(const frame& f) {
    packet::ensure_fcs(f);
    if (f.data.size() < crc16_octets) return false;
    const std::size_t n = f.data.size() - crc16_octets;
    return get16(f.data.data() + n) == crc16_of(f.data.data(), n);
}

}  // namespace nicteam::nic
