// What IPv4 (RFC 791) and IPv6 (RFC 8200) have in common: addresses, the header chain down to the payload, fragments.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "nicteam/packet/addresses.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/octets.h"

namespace nicteam::packet {

using ipv6_address = std::array<std::uint8_t, 16>;

constexpr std::size_t ipv6_header = 40, fragment_header = 8;

namespace ip_protocol {   // IANA protocol numbers; IPv6 knows its extension headers by the same numbers
constexpr std::uint8_t hop_by_hop = 0, ipv4 = 4, ipv6 = 41, routing = 43, fragment = 44, icmpv6 = 58, nothing = 59,
                       destination_options = 60;
}

// An address of either version; IPv4 stands in the first four octets.
struct ip_address {
    std::uint8_t version = 4;
    ipv6_address octets{};

    ip_address() = default;
    ip_address(ipv4_address a) { put32(octets.data(), a); }
    ip_address(const ipv6_address& a) : version(6), octets(a) {}

    std::size_t size() const { return version == 4 ? 4 : 16; }
    ipv4_address v4() const { return get32(octets.data()); }
    friend bool operator==(const ip_address& a, const ip_address& b) { return a.version == b.version && a.octets == b.octets; }
    friend bool operator!=(const ip_address& a, const ip_address& b) { return !(a == b); }
    friend bool operator<(const ip_address& a, const ip_address& b) {
        return a.version != b.version ? a.version < b.version : a.octets < b.octets;
    }
};

// The IPv6 address of whoever has that IPv4 address: 2001:db8:: with it in the last 32 bits (RFC 3849: for documentation).
ipv6_address documentation_address(ipv4_address);
// … and back; nothing when it is none of these.
std::optional<ipv4_address> documented(const ip_address&);

std::optional<ip_address> parse_ip(std::string_view);   // "192.0.2.1" or "2001:db8::1" (RFC 4291, 2.2)
std::string to_text(const ip_address&);                 // IPv6 as RFC 5952 asks

// Explicit congestion notification: the low two bits of TOS or traffic class, RFC 3168.
namespace ecn {
constexpr std::uint8_t mask = 3, not_capable = 0, capable_1 = 1, capable_0 = 2, experienced = 3;
}

// A datagram, or a fragment of one. `header` is what stands before the payload: in IPv4 the header with options, in IPv6 the
// base header and every extension header up to the one that ends the chain.
struct ip_view {
    std::uint8_t version = 4;
    octets packet;                       // cut to the length that the header tells
    octets header, payload;
    std::uint8_t traffic_class = 0;      // TOS
    std::uint8_t hop_limit = 0;          // TTL
    std::uint8_t protocol = 0;           // what the payload is. IPv6: the first number that is no extension header walked over
    std::uint32_t flow_label = 0;        // IPv6, 20 bits
    ip_address source, destination;

    bool dont_fragment = false;          // IPv6: always
    bool has_fragment_header = false;    // IPv6
    bool more_fragments = false;
    std::uint16_t fragment_offset = 0;   // octets
    std::uint32_t identification = 0;    // IPv4: 16 bits
    std::size_t fragment_at = 0;         // IPv6: where the fragment header stands
    std::size_t protocol_at = 0;         // where the octet stands that names `protocol`

    bool checksum_good = true;           // of the IPv4 header

    bool is_fragment() const { return more_fragments || fragment_offset; }

    // Nothing when the version is neither, a header or an extension header does not fit, or a length tells more than is there.
    // A bad checksum is reported, not refused. Behind a fragment header with an offset the chain is not walked on.
    static std::optional<ip_view> parse(octets packet);
};

// IPv6: the headers that every node on the way reads (hop-by-hop options, routing, destination options before a routing header;
// RFC 8200, 4.1) end at `end`, and the octet at `named_at` names what follows. IPv4: the header itself.
struct header_end {
    std::size_t end = 0, named_at = 0;
};
header_end end_of_hop_headers(const ip_view&);

// What a header that we make says.
struct ip_fields {
    ip_address source, destination;      // of one version
    std::uint8_t protocol = 0, hop_limit = 64, traffic_class = 0;
    std::uint32_t identification = 0;    // IPv4
    bool dont_fragment = true;           // IPv4
    std::uint32_t flow_label = 0;        // IPv6
};

// Appends a header without options for `payload` octets behind it. Throws std::length_error above 65,515 (IPv4) or 65,535 (IPv6).
void append_ip(bytes& out, const ip_fields&, std::size_t payload);

// Writes the length field that belongs to `packet`, and the checksum of an IPv4 header. The packet parses.
void finish_ip(bytes& packet);

// Sum of the pseudo header: RFC 768 for IPv4, RFC 8200 8.1 for IPv6.
std::uint32_t pseudo_header_sum(const ip_address& source, const ip_address& destination, std::uint8_t protocol, std::size_t length);

}  // namespace nicteam::packet
