// The Internet checksum, RFC 1071: one's complement of the one's-complement sum of 16-bit words, big endian.
#pragma once

#include <cstdint>

#include "nicteam/packet/addresses.h"
#include "nicteam/packet/octets.h"

namespace nicteam::packet {

// Folded sum of `data` on top of `start`; an odd last octet counts as followed by zero.
std::uint16_t internet_sum(octets data, std::uint32_t start = 0);
inline std::uint16_t internet_checksum(octets data, std::uint32_t start = 0) { return static_cast<std::uint16_t>(~internet_sum(data, start)); }

// Sum of the pseudo header of UDP and TCP, RFC 768.
std::uint32_t pseudo_header_sum(ipv4_address source, ipv4_address destination, std::uint8_t protocol, std::uint16_t length);

// A checksum after one 32-bit field it covers changed, RFC 1624: a wrong checksum stays equally wrong.
std::uint16_t updated_checksum(std::uint16_t checksum, std::uint32_t was, std::uint32_t is);

}  // namespace nicteam::packet
