// What stands in a frame on a link, read by the checkers' own eyes: nothing here is of the stack, the crypto block or room ipsec.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "nicteam/packet/octets.h"

namespace nicteam::ipsec {
struct selector;
}

namespace nicteam::check {

struct seen_packet {
    using address = std::array<std::uint8_t, 16>;      // IPv4: the first four
    std::uint8_t version = 4, protocol = 0;            // behind extension headers
    std::uint8_t hops_left = 0;                        // TTL, or hop limit
    address source{}, destination{};
    std::uint32_t identification = 0;
    bool first = true, fragment = false;               // first: at offset 0
    packet::octets payload;                            // behind the last header, without what fills up the frame
    bool has_ports = false;
    std::uint16_t source_port = 0, destination_port = 0;       // ICMP: type and code, 0

    std::string text() const;                          // "192.0.2.1 to 192.0.2.2, protocol 17, ports 9 to 9"
};

// An IP packet; nothing when it is none, or cut before its header ends.
std::optional<seen_packet> see_packet(packet::octets ip);
// Behind Ethernet II, or a SNAP header.
std::optional<seen_packet> see_frame(packet::octets frame);

bool meant(const ipsec::selector&, const seen_packet&);

constexpr std::uint8_t icmp_number = 1, udp_number = 17, esp_number = 50, ah_number = 51, icmp_6_number = 58;
inline std::uint16_t two(packet::octets o, std::size_t at) { return static_cast<std::uint16_t>(o[at] << 8 | o[at + 1]); }
inline std::uint32_t four(packet::octets o, std::size_t at) { return std::uint32_t{two(o, at)} << 16 | two(o, at + 2); }

}  // namespace nicteam::check
