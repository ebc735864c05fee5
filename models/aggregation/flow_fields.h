// The numbers of a frame that flows are told apart by.
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/octets.h"

namespace nicteam::aggregation {

// Read as a little-endian machine reads them where they lie: what Linux computes on an x86 (decision 145).
struct flow_fields {
    std::uint32_t source = 0, destination = 0;    // IPv6: its four words, XOR
    std::uint32_t ports = 0;                      // TCP, UDP …; SPI of ESP and AH; type, code and identifier of an ICMP echo
};

// Where the header behind MAC addresses and VLAN tags begins, and its EtherType.
struct network_header {
    std::uint16_t ether_type = 0;
    std::size_t at = 0;
};
network_header network_header_of(packet::octets frame);

// Nothing when it is no IP, or its header is cut. `inner`: of the innermost packet, behind extension headers, tunnels and GRE;
// else of the outer one, and of an ICMP error those of the packet that it is about.
std::optional<flow_fields> flow_fields_of(packet::octets frame, bool inner);

}  // namespace nicteam::aggregation
