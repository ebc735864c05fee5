#include "nicteam/packet/checksum.h"

#include <cstring>

namespace nicteam::packet {
namespace {

std::uint16_t fold(std::uint64_t sum) {
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

std::uint64_t word(const std::uint8_t* p, std::size_t octets) {
    std::uint64_t w = 0;
    std::memcpy(&w, p, octets);
    return w;
}

}  // namespace

std::uint16_t internet_sum(octets data, std::uint32_t start) {
    // Summed in the machine's byte order, eight octets at a time: the sum of swapped words is the swapped sum (RFC 1071, 2).
    std::uint64_t sum = 0, carries = 0;
    const auto add = [&](std::uint64_t w) { carries += __builtin_add_overflow(sum, w, &sum); };
    const std::uint8_t* p = data.data;
    std::size_t n = data.size;
    for (; n >= 64; n -= 64, p += 64) {
        add(word(p, 8)), add(word(p + 8, 8)), add(word(p + 16, 8)), add(word(p + 24, 8));
        add(word(p + 32, 8)), add(word(p + 40, 8)), add(word(p + 48, 8)), add(word(p + 56, 8));
    }
    for (; n >= 8; n -= 8, p += 8) add(word(p, 8));
    if (n) add(word(p, n));
    std::uint16_t folded = fold(carries + (sum & 0xFFFFFFFF) + (sum >> 32));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    folded = static_cast<std::uint16_t>(folded << 8 | folded >> 8);
#endif
    return fold(std::uint64_t{folded} + start);
}

std::uint32_t pseudo_header_sum(ipv4_address source, ipv4_address destination, std::uint8_t protocol, std::uint16_t length) {
    return (source >> 16) + (source & 0xFFFF) + (destination >> 16) + (destination & 0xFFFF) + protocol + length;
}

std::uint16_t updated_checksum(std::uint16_t checksum, std::uint32_t was, std::uint32_t is) {
    // RFC 1624, equation 3: HC' = ~(~HC + ~m + m')
    std::uint64_t sum = static_cast<std::uint16_t>(~checksum);
    sum += static_cast<std::uint16_t>(~(was >> 16));
    sum += static_cast<std::uint16_t>(~was);
    sum += (is >> 16) + (is & 0xFFFF);
    return static_cast<std::uint16_t>(~fold(sum));
}

}  // namespace nicteam::packet
