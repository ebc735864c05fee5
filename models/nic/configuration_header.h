#pragma once

#include "nicteam/pci/configuration_space.h"

namespace nicteam::nic {

pci::configuration_space configuration_header(std::uint32_t subsystem);   // of the 82559 (SDM 4.1, DS 4.2.2); subsystem ID and vendor

}  // namespace nicteam::nic
