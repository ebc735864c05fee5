#pragma once

#include "nicteam/pci/configuration_space.h"
#include "nic/identities.h"

namespace nicteam::nic {

pci::configuration_space configuration_header(const identity_info&, std::uint32_t subsystem);   // SDM 4.1, DS 4.2.2; subsystem ID and vendor

}  // namespace nicteam::nic
