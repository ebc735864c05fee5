// What an IPCB transmit block of the 82550 has done to its frame on the way through the transmit FIFO: IPv4 and TCP or UDP checksums, a VLAN
// tag (SDM B.1, B.2, B.5; docs/nic-82550.md). Plain C++.
#pragma once

#include <cstdint>

#include "nicteam/base/frame.h"

namespace nicteam::nic {

struct packet_assist {
    static constexpr unsigned since = 3;               // generation of the first controller that has it (identities.h)
    static constexpr unsigned first_buffer = 24;       // the one TBD inside; the array pointer is for the second on
    static constexpr unsigned immediate = 32;          // data behind the block

    bool ip = false, transport = false, vlan = false;  // what is inserted
    bool parse = false;                                // headers are found by the chip; else where the block says they are
    bool tcp = false;                                  // without `parse`: TCP, not UDP
    bool either_version = false;                       // over IPv6 too, and of ICMPv6: 22a's, the parser of an 82550 knows none
    bool large_send = false, scheduled = false, security = false;
    std::uint8_t ip_offset = 0, transport_offset = 0;  // octets from the frame's first in memory
    std::uint8_t tag[2] = {};                          // as on the wire

    static packet_assist of(const std::uint8_t* block);
    bool checksums() const { return ip || transport; }
    bool changes() const { return checksums() || vlan; }
    unsigned ahead() const;                            // octets that are kept free in front of the frame for the tag

    enum class outcome : std::uint8_t { done, nothing_found };
    // `f`: `ahead()` octets, then the frame's `octets` of memory. Afterwards the frame as it goes on the wire, padding and CRC left alone.
    // nothing_found: a checksum was asked for, and there is no such header: nothing is inserted for it.
    outcome apply(bytes& f, std::size_t octets) const;
};

}  // namespace nicteam::nic
