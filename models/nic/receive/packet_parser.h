// What the 82550's receive parser says of a frame: the words that extended receive frame descriptors have besides
// (SDM B.4 and B.5; their layout from drivers' headers: docs/nic-82550.md). Plain C++.
#pragma once

#include <cstdint>

#include "nicteam/packet/octets.h"

namespace nicteam::nic {

struct parsed_packet {
    // Parser status; the low bits name what was found.
    enum : std::uint8_t { tcp = 0, udp = 1, ip = 3, parsed = 0x08 };
    // Checksum status.
    enum : std::uint8_t { ip_checked = 0x01, ip_good = 0x02, transport_checked = 0x10, transport_good = 0x20 };

    std::uint8_t parser = 0, checksum = 0;
    bool ok() const { return parser & parsed; }
    bool bad_checksum() const;

    // `frame`: a good one, destination address … last octet before the CRC, with its tag if it has one.
    static parsed_packet of(packet::octets frame);
};

}  // namespace nicteam::nic
