// Which traffic is meant: RFC 4301 4.4.1.1.
#pragma once

#include <cstdint>
#include <string>

#include "nicteam/packet/ip.h"

namespace nicteam::ipsec {

struct prefix {                          // length 0: any address of either version
    packet::ip_address address;
    unsigned length = 0;

    bool contains(const packet::ip_address&) const;
};

struct port_range {
    std::uint16_t low = 0, high = 65'535;
    bool any() const { return low == 0 && high == 65'535; }
};

// What a packet shows. The ports of a fragment that does not begin its datagram are not to be seen.
struct flow {
    packet::ip_address source, destination;
    std::uint8_t protocol = 0;
    bool ports_known = false;
    std::uint16_t source_port = 0, destination_port = 0;   // ICMP: type and code in the halves of source_port

    static flow of(const packet::ip_view&);
};

struct selector {
    prefix source, destination;
    int protocol = -1;                   // -1: any
    port_range source_ports, destination_ports;

    // A packet whose ports cannot be seen is selected only when any port is meant (RFC 4301, 7).
    bool selects(const flow&) const;
};

}  // namespace nicteam::ipsec
