#pragma once

#include "nic/registers/identities.h"
#include "nicteam/nic/nic.h"
#include "nicteam/pci/configuration_space.h"

namespace nicteam::nic {

constexpr std::uint32_t rom_bytes = 0x100000;      // window of the expansion ROM: 12 bits of its base address (SDM 4.1.11)
// SDM 4.1, DS 4.2.2; subsystem ID and vendor.
pci::configuration_space configuration_header(const identity_info&, const pci_identification&, std::uint32_t subsystem);

}  // namespace nicteam::nic
