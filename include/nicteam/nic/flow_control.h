// What the flow control of a controller can do, for whoever sets one up. docs/pause.md.
#pragma once

#include <cstdint>

#include "nicteam/nic/nic.h"

namespace nicteam::nic {

bool has_flow_control(nic_identity);                       // registers 19h and 1Ah: from the 82558 on
constexpr unsigned pause_thresholds = 8;
// Bytes left in the receive FIFO at which the other end is told to stop, by bits 2:0 of register 19h (SDM table 30).
std::uint32_t pause_threshold(unsigned bits);

}  // namespace nicteam::nic
