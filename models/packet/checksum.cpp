#include "nicteam/packet/checksum.h"

#include <cstring>

namespace nicteam::packet {
namespace {

std::uint16_t fold(std::uint64_t sum) {
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

}  // namespace

std::uint16_t internet_sum(octets data, std::uint32_t start) {
    // Summed in the machine's byte order, four octets at a time: the sum of swapped words is the swapped sum (RFC 1071, 2).
    std::uint64_t sum = 0;
    const std::uint8_t* p = data.data;
    std::size_t n = data.size;
    for (; n >= 8; n -= 8, p += 8) {
        std::uint64_t w;
        std::memcpy(&w, p, 8);
        sum += (w & 0xFFFFFFFF) + (w >> 32);
    }
    std::uint8_t tail[8] = {};
    if (n) std::memcpy(tail, p, n);
    std::uint64_t w;
    std::memcpy(&w, tail, 8);
    sum += (w & 0xFFFFFFFF) + (w >> 32);
    std::uint16_t folded = fold(sum);
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
