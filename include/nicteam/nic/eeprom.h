// What others ask of an EEPROM's words, as eeprom_of() gives them.
#pragma once

#include <cstdint>
#include <vector>

namespace nicteam::nic {

// The sum of all words is BABAh; drivers check it, the controller does not (SDM 3).
bool checksum_right(const std::vector<std::uint16_t>& words);

}  // namespace nicteam::nic
