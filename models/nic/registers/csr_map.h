// The control/status registers, one line each (SDM 6.3): offset, bytes, name, reset value, access, meaning.
#pragma once

#include <cstdint>

#include "nicteam/base/tables.h"

namespace nicteam::nic {

enum class access : std::uint8_t {
    live,            // read from the units
    stored,          // software's value, read back
    action,          // a write does something; reads as software's value
    constant,        // writes have no effect
    refused,         // not there: writes are counted, reads give the reset value
};

struct csr {
    std::uint16_t offset;
    std::uint8_t bytes;
    const char* name;
    std::uint32_t reset;
    access how;
    std::uint32_t bits;          // that mean something; the others are reserved
    const char* meaning;
    std::uint8_t since = 0;      // generation of the controller that has it first (identities.h)
};
extern const table<csr> csr_map;
constexpr unsigned csr_bytes = 64;                  // SDM: 32; DS: 64

// Offsets that the units care for.
enum csr_offset : unsigned {
    scb_status = 0x00, scb_ack = 0x01, scb_command = 0x02, scb_mask = 0x03, scb_pointer = 0x04, port = 0x08, port_latch = 0x0B, eeprom_control = 0x0E,
    mdi = 0x10, mdi_latch = 0x13, rx_dma_count = 0x14, early_receive = 0x18, flow_threshold = 0x19, flow_command = 0x1A, pmdr = 0x1B, general_status = 0x1D, link_rate = 0x1E,
};

// The register that holds this byte in a controller of this generation, or nullptr.
const csr* csr_at(unsigned offset, unsigned generation = 255);

}  // namespace nicteam::nic
