// ICMP echo, RFC 792.
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/octets.h"

namespace nicteam::packet {

constexpr std::size_t icmp_echo_header = 8;
constexpr std::uint8_t icmp_echo_reply = 0, icmp_echo_request = 8;       // types

struct icmp_echo {
    bool reply = false;
    std::uint16_t identifier = 0, sequence = 0;
    octets data;
    bool checksum_good = false;

    // Nothing when short or another type. A bad checksum is reported, not refused.
    static std::optional<icmp_echo> parse(octets ip_payload);
};

// Appends header and data with their checksum.
void append_icmp_echo(bytes& out, bool reply, std::uint16_t identifier, std::uint16_t sequence, octets data);

}  // namespace nicteam::packet
