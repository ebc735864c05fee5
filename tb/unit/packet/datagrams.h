// Datagrams for the tests of fragments and of reassembly.
#pragma once

#include "nicteam/packet/ip.h"

namespace nicteam::test {

inline const packet::ip_address a4 = *packet::parse_ip("192.0.2.1"), b4 = *packet::parse_ip("192.0.2.2");
inline const packet::ip_address a6 = *packet::parse_ip("2001:db8::1"), b6 = *packet::parse_ip("2001:db8::2");

// Octets of a long period, another one for each salt.
inline bytes pattern(std::size_t n, unsigned salt = 0) {
    bytes p(n);
    for (std::size_t k = 0; k < n; ++k) p[k] = static_cast<std::uint8_t>(k * 31 + 7 + salt + k / 251);
    return p;
}

// One that may be cut.
inline bytes datagram(bool six, packet::octets payload, std::uint16_t identification = 1, std::uint8_t protocol = packet::ip_protocol::udp) {
    packet::ip_fields f;
    f.source = six ? a6 : a4;
    f.destination = six ? b6 : b4;
    f.protocol = protocol;
    f.dont_fragment = false;
    f.identification = identification;
    bytes d;
    packet::append_ip(d, f, payload.size);
    d.insert(d.end(), payload.data, payload.data + payload.size);
    return d;
}

}  // namespace nicteam::test
