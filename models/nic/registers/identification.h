#pragma once

#include "nic/eeprom/eeprom_image.h"
#include "nicteam/nic/nic.h"

namespace nicteam::nic {

// From the 82559 on the EEPROM has a part of it (SDM 3.1).
std::uint8_t revision_of(const eeprom_image& words, const nic_config&);

}  // namespace nicteam::nic
