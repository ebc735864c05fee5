// The loop 21a, 22b, 140 stands still for good when each of them waits for the next: 22b has put a datagram together that buffer 140 has no
// room for, nothing leaves 140 for want of a place in 21a, and every place is taken by what can leave through 22b alone, or behind such a packet.
// Only a reset ends it.
#pragma once

#include "nicteam/offload/feedback_buffer_140.h"
#include "nicteam/offload/receiver_ip_logic_22b.h"

namespace nicteam::offload {

// Behind instant `at`, when all that falls on it has been done. `full`: nothing comes into 21a before 22b takes something from it.
inline bool stands_still(bool full, const receiver_ip_logic_22b& out, const feedback_buffer_140& back, ps at) {
    return out.now() == receiver_ip_logic_22b::state::waits_for_140 && full && !back.leaving() && !back.room(at + 1);
}

}  // namespace nicteam::offload
