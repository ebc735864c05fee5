// ICMP messages about a datagram that could not go on: RFC 792, RFC 1191 (IPv4); RFC 4443 (IPv6).
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/ip.h"

namespace nicteam::packet {

enum class icmp_reason : std::uint8_t {
    packet_too_big,        // IPv4: destination unreachable, fragmentation needed and DF set; carries the MTU
    reassembly_timeout,    // time exceeded, code 1
    hop_limit,             // time exceeded, code 0
    prohibited,            // IPv4: type 3 code 13 (RFC 1812); IPv6: type 1 code 1
    header_field,          // parameter problem; carries where
};

struct icmp_error {
    icmp_reason reason{};
    std::uint32_t mtu_or_pointer = 0;
    octets about;                  // the datagram's beginning, as far as the message holds it
    bool checksum_good = false;

    // Nothing when it is no ICMP message, or one of another kind.
    static std::optional<icmp_error> parse(const ip_view&);
};

// The whole datagram that tells `source` of `about`, from `from`; empty when none may be sent: about a fragment other than the
// first, an ICMP error, a group address or an unspecified one (RFC 1122 3.2.2, RFC 4443 2.4). IPv4 quotes 8 octets behind the
// header, as RFC 792 asks; IPv6 as much as fits 1,280 octets.
bytes make_icmp_error(octets about, icmp_reason, const ip_address& from, std::uint32_t mtu_or_pointer = 0);

// What a message "too big" says of the path that a packet of ours took.
struct path_told {
    ip_address source, destination;    // of that packet
    std::uint8_t protocol = 0;
    octets rest;                   // of what is quoted: behind the IP header
    std::uint32_t mtu = 0;         // octets
};
// Nothing when it is no such message or a damaged one, when too little is quoted, or a fragment other than the first, and when the MTU is
// below the least of its IP version (68 octets by RFC 791, 1,280 by RFC 8200). A router that names no MTU means the next lower plateau of
// RFC 1191 section 7.1.
std::optional<path_told> told_path(const icmp_error&);

}  // namespace nicteam::packet
