// What the driver of an older controller cannot be asked for: one table for what is refused, what the kept configuration says is used,
// and what the schema knows of it (docs/decisions/0066).
#pragma once

#include <cstdint>

namespace nicteam::scenario {

struct lacking {
    const char* key;         // a flag of [nic.driver]
    bool only;               // the one value that there is
    const char* why;
};
// The 82558 has all of it (SDM 6.4.2.3, "reserved on the 82557").
inline constexpr lacking of_an_82557[] = {
    {"write_and_invalidate", false, "an 82557 writes without invalidating"},
    {"standard_tcb",         true,  "an 82557 has no other transmit commands"},
    {"two_frames",           false, "an 82557 has one frame at a time in its transmit FIFO"},
    {"long_frames",          false, "an 82557 receives no frames above 1518 octets"},
};

}  // namespace nicteam::scenario
