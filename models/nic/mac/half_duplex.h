// When a NIC takes turns on its link: Configure bytes 8, 15 and 19, and what the PHY says of the link.
#pragma once

#include "nic/registers/configure_bytes.h"
#include "nicteam/wire/link.h"

namespace nicteam::nic {

// Half duplex: neither forced to full duplex nor told so by the PHY (byte 19 bits 6 and 7). Without CSMA (byte 8 bit 7) the MAC
// neither defers nor notices collisions: as in full duplex.
bool shares_medium(const configuration&, const wire::wire_source* link);

}  // namespace nicteam::nic
