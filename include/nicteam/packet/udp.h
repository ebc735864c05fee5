// UDP over IPv4, RFC 768.
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/ipv4.h"

namespace nicteam::packet {

constexpr std::size_t udp_header = 8;

struct udp_view {
    std::uint16_t source_port = 0, destination_port = 0, length = 0;
    octets payload;
    bool has_checksum = false;      // a checksum field of 0 means none
    bool checksum_good = false;     // true when there is none

    // Nothing when short, or when the length field is below 8 or more than what is there.
    static std::optional<udp_view> parse(const ipv4_view&);
};

// Appends the UDP header for a payload that is already at `out` + header: call append_udp_header, append the payload,
// then finish_udp, which writes the checksum over all from `udp_at` to the end of `out`.
std::size_t append_udp_header(bytes& out, std::uint16_t source_port, std::uint16_t destination_port, std::size_t payload);
void finish_udp(bytes& out, std::size_t udp_at, ipv4_address source, ipv4_address destination);

// IPv4 and UDP around `payload`, in one go.
void append_udp_datagram(bytes& out, const ipv4_fields&, std::uint16_t source_port, std::uint16_t destination_port, octets payload);

}  // namespace nicteam::packet
