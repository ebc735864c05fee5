#pragma once

#include "nicteam/pci/configuration_space.h"

namespace nicteam::nic {

pci::configuration_space configuration_header();   // of the 82559 (SDM 4.1, DS 4.2.2)

}  // namespace nicteam::nic
