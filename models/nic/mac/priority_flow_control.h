// Priority aware flow control of the 82558 and later (SDM 6.6.3, docs/decisions/0063): a received PAUSE frame carries the number of a
// queue that is full. One above the threshold, a "pause low", stops the low priority queue alone.
#pragma once

#include "nicteam/base/frame.h"
#include "nic/registers/configure_bytes.h"

namespace nicteam::nic {

// Of a PAUSE frame, by Configure 18 bits 6:4 and 20 bit 5.
bool is_pause_low(const configuration&, const bytes& frame);

}  // namespace nicteam::nic
