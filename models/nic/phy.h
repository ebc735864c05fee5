// The PHY as far as it is there: the registers of an 82555 behind the MDI register, read only (SDM 6.3.5).
#pragma once

#include <cstdint>

namespace nicteam::nic {

struct phy_status { bool link, fast; };

constexpr std::uint32_t mdi_ready = 0x10000000, mdi_interrupt_enable = 0x20000000;

// Whether a cycle does what its MDI control word asks for: reads of registers that are there.
bool mdi_possible(std::uint32_t word);
// What the control word reads when its cycle is over. Another PHY than ours leaves the line high: all ones. A register that is
// not there reads 0; what is to be written goes nowhere.
std::uint32_t mdi_cycle(std::uint32_t word, phy_status);

}  // namespace nicteam::nic
