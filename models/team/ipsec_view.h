// What a received frame shows of IPsec (FIG. 5, 324 and 334; row A-76), from its first octets: ESP (RFC 4303), AH (RFC 4302), ESP in UDP (RFC 3948),
// behind IPv4 or IPv6 with extension headers (RFC 8200).
#pragma once

#include <cstdint>

#include "nicteam/ipsec/association.h"
#include "nicteam/packet/ip.h"

namespace nicteam::team {

struct ipsec_view {
    enum class what : std::uint8_t {
        plain,
        cut,             // a fragment of something encrypted, or too short for an SPI: nobody can tell whose it is
        whole,
        perhaps,         // UDP from port 4500 to another: ESP when somebody knows its SPI, else a datagram of its own
    };
    what is = what::plain;
    std::uint32_t spi = 0;               // of `whole` and `perhaps`, as what follows
    packet::ip_address destination;
    ipsec::security_protocol protocol = ipsec::security_protocol::esp;
};

// `ip`: from the IP header on, as far as it is looked at.
ipsec_view look_for_ipsec(packet::octets ip);

}  // namespace nicteam::team
