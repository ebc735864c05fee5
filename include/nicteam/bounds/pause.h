// Room that a receive FIFO must have left when it asks for a PAUSE, so that nothing is lost: IEEE 802.3 annex 31B; the same terms as in
// IEEE 802.1Q annex N for priority flow control. docs/pause.md. In front of a frame are the eight octets of IEEE 802.3 3.2.1 and 3.2.2: with the
// shorter preambles that an 82559 can be told to send (Configure byte 10) more data come in a time, and more room is needed.
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"

namespace nicteam::bounds {

struct pause_link {
    ps octet = 80'000;
    ps delay = 0;                    // of the cable, one way
    std::uint32_t incoming = 1518;   // octets of each frame towards the FIFO, destination address to FCS, at the minimum gap
    std::uint32_t outgoing = 0;      // of the longest frame that may just have begun and keeps the PAUSE frame back; 0: nothing else is sent
    std::uint32_t response = 1;      // octet times behind the PAUSE frame's last octet from which on the other end begins no frame
};

// Bytes that still enter, FCS taken off, in the worst case. Exact for a delay of whole octet times, else at most that.
std::uint64_t pause_headroom(const pause_link&);

}  // namespace nicteam::bounds
