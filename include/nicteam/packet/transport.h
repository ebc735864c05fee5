// What the receiver's IP logic checks of a transport header before a datagram goes up: TCP (RFC 9293), UDP (RFC 768), ICMP
// (RFC 792), ICMPv6 (RFC 4443), over either version of IP.
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/ip.h"

namespace nicteam::packet {

enum class transport_verdict : std::uint8_t {
    good,
    other,                // a protocol that is not unpacked
    no_checksum,          // UDP over IPv4 with a checksum of 0
    bad_checksum,
    bad_length,           // header or length field does not fit
};

struct transport_view {
    transport_verdict verdict = transport_verdict::other;
    std::uint8_t protocol = 0;
    std::uint16_t source_port = 0, destination_port = 0;   // TCP, UDP
    std::uint8_t type = 0, code = 0;                       // ICMP
    std::uint32_t sequence = 0, acknowledgement = 0;       // TCP
    std::uint16_t flags = 0;                               // TCP: NS … FIN, 9 bits
    octets header, payload;

    // Of a whole datagram, not of a fragment.
    static transport_view of(const ip_view&);
};

}  // namespace nicteam::packet
