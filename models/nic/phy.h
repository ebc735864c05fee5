// The PHY as far as it is there: an 82555's identity and link state behind the MDI register (SDM 6.3.5).
#pragma once

#include <cstdint>

namespace nicteam::nic {

struct phy_status { bool link, fast; };

// MDI control word written -> what it reads afterwards, ready. `refused` is set for what is not there.
std::uint32_t mdi_cycle(std::uint32_t written, phy_status, bool& refused);
constexpr std::uint32_t mdi_interrupt_enable = 0x20000000;

}  // namespace nicteam::nic
