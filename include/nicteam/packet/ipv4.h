// IPv4, RFC 791.
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/addresses.h"
#include "nicteam/packet/octets.h"

namespace nicteam::packet {

constexpr std::size_t ipv4_header = 20;

namespace ip_protocol {
constexpr std::uint8_t icmp = 1, tcp = 6, udp = 17, esp = 50, ah = 51;
}

struct ipv4_view {
    octets header;                       // with options
    octets payload;                      // cut to the total length
    std::uint8_t tos = 0, ttl = 0, protocol = 0;
    std::uint16_t total_length = 0, identification = 0;
    bool dont_fragment = false, more_fragments = false;
    std::uint16_t fragment_offset = 0;   // octets
    ipv4_address source = 0, destination = 0;
    bool checksum_good = false;

    bool is_fragment() const { return more_fragments || fragment_offset; }

    // Nothing when it is no IPv4 header that fits: version, header length < 20 or > what is there, total length < header
    // length or > what is there. A bad checksum is reported, not refused.
    static std::optional<ipv4_view> parse(octets packet);
};

struct ipv4_fields {
    ipv4_address source = 0, destination = 0;
    std::uint8_t protocol = 0, ttl = 64, tos = 0;
    std::uint16_t identification = 0;
    bool dont_fragment = true;
};

// Appends a header of 20 octets with its checksum, for `payload` octets behind it (at most 65,515).
void append_ipv4(bytes& out, const ipv4_fields&, std::size_t payload);

}  // namespace nicteam::packet
