#include "nicteam/packet/fcs.h"

#include <array>

namespace nicteam::packet {
namespace {

constexpr std::uint32_t reflected_polynomial = 0xEDB88320;   // 04C11DB7h, IEEE 802.3 3.2.9, bit-reversed
constexpr unsigned slices = 8;

using slice_tables = std::array<std::array<std::uint32_t, 256>, slices>;

// tables[s][b]: what octet b adds to the register when s more octets follow it.
constexpr slice_tables make_tables() {
    slice_tables t{};
    for (std::uint32_t b = 0; b < 256; ++b) {
        std::uint32_t r = b;
        for (int bit = 0; bit < 8; ++bit) r = (r >> 1) ^ (r & 1 ? reflected_polynomial : 0);
        t[0][b] = r;
    }
    for (unsigned s = 1; s < slices; ++s)
        for (std::uint32_t b = 0; b < 256; ++b) t[s][b] = (t[s - 1][b] >> 8) ^ t[0][t[s - 1][b] & 255];
    return t;
}

constexpr slice_tables tables = make_tables();

constexpr std::uint32_t get32_little(const std::uint8_t* p) {
    return p[0] | static_cast<std::uint32_t>(p[1]) << 8 | static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[3]) << 24;
}

}  // namespace

std::uint32_t crc_update(std::uint32_t crc, octets data) {
    const std::uint8_t* p = data.data;
    std::size_t n = data.size;
    const auto& t = tables;
    for (; n >= slices; n -= slices, p += slices) {
        const std::uint32_t a = crc ^ get32_little(p), b = get32_little(p + 4);
        crc = t[7][a & 255] ^ t[6][a >> 8 & 255] ^ t[5][a >> 16 & 255] ^ t[4][a >> 24] ^
              t[3][b & 255] ^ t[2][b >> 8 & 255] ^ t[1][b >> 16 & 255] ^ t[0][b >> 24];
    }
    for (; n; --n, ++p) crc = (crc >> 8) ^ t[0][(crc ^ *p) & 255];
    return crc;
}

void put_fcs(std::uint8_t* to, std::uint32_t fcs) {
    for (unsigned i = 0; i < fcs_octets; ++i) to[i] = static_cast<std::uint8_t>(fcs >> (8 * i));
}

void ensure_fcs(const frame& f) {
    if (f.fcs_known) return;
    auto& writable = const_cast<frame&>(f);   // frames are never made const: only references to them are
    if (f.data.size() >= fcs_octets) {
        const std::size_t n = f.data.size() - fcs_octets;
        put_fcs(writable.data.data() + n, fcs_of(octets(f.data.data(), n)));
    }
    writable.fcs_known = true;
}

bool check_fcs(const frame& f) {
    if (f.data.size() < fcs_octets) return false;
    if (!f.fcs_known) return true;
    const std::size_t n = f.data.size() - fcs_octets;
    return fcs_of(octets(f.data.data(), n)) == get32_little(f.data.data() + n);
}

void append_lazy_fcs(frame& f) {
    f.data.resize(f.data.size() + fcs_octets);
    f.fcs_known = false;
}

unsigned multicast_hash(const mac_address& m) {
    // Bit i of the MSB-first register is bit 31 - i of ours: bits 7:2 are our bits 24 … 29, reversed.
    const std::uint32_t r = crc_update(crc_start, octets(m.data(), m.size()));
    unsigned index = 0;
    for (unsigned bit = 0; bit < 6; ++bit) index |= (r >> (29 - bit) & 1) << bit;
    return index;
}

}  // namespace nicteam::packet
