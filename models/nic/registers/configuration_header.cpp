#include "nic/registers/configuration_header.h"

#include <vector>

namespace nicteam::nic {

pci::configuration_space configuration_header(const identity_info& id, const pci_identification& told, std::uint32_t subsystem) {
    pci::configuration_space c;
    // offset, bytes, reset value, writable bits, bits cleared by writing 1
    c.declare(0x00, 2, told.vendor);
    c.declare(0x02, 2, told.device);
    c.declare(0x04, 2, 0x0000, 0x0157);                         // command: I/O, memory, master, MWI, parity response, SERR#
    c.declare(0x06, 2, id.capabilities ? 0x0290 : 0x0280, 0, 0xF100);                      // status: capabilities, fast back-to-back, DEVSEL# medium
    c.declare(0x08, 1, told.revision.value_or(id.revision));
    c.declare(0x09, 3, 0x020000);                               // class: Ethernet controller
    c.declare(0x0C, 1, 0x00, id.cache_line ? 0xFF : 0x00);      // cache line size: 8 or 16 dwords
    if (id.cache_line) c.accept_only(0x0C, {8, 16});
    c.declare(0x0D, 1, 0x00, 0xFF);                             // latency timer
    c.declare(0x0E, 1, 0x00);                                   // header type 0
    c.declare_bar(0, 4096, false, true);                        // CSR in memory, prefetchable
    c.declare_bar(1, 64, true);                                 // CSR in I/O space; SDM says 32 bytes, DS 64
    c.declare_bar(2, id.flash_window, false);                   // flash
    c.declare(0x2C, 4, subsystem);                              // subsystem vendor and ID, from the EEPROM
    c.declare(0x3C, 1, 0x00, 0xFF);                             // interrupt line
    c.declare(0x3D, 1, 0x01);                                   // interrupt pin: INTA#
    c.declare(0x3E, 1, 0x08);                                   // Min_Gnt: 2 us in units of 250 ns
    c.declare(0x3F, 1, 0x18);                                   // Max_Lat: 6 us
    if (!id.capabilities) return c;
    c.declare(0x34, 1, 0xDC);                                   // capabilities
    c.declare(0xDC, 2, 0x0001);                                 // power management capability, the last one
    c.declare(0xDE, 2, 0x7E21);                                 // its capabilities, without auxiliary power
    c.declare(0xE0, 2, 0x0000, 0x1F03, 0x8000);                 // its control and status
    c.declare_power_control(0xE0);
    // Data select, bits 12:9 of the control and status, chooses the power told and its scale: 2 is 10 mW (SDM table 6).
    // The data stand where PCI Power Management 1.1 has them, 3.2.6; E2h is for bridges, 3.2.5. SDM's section gives E2h (docs/decisions/0054).
    c.follow(0xE0, 2, 0x6000, 0xE1, 1, 4, std::vector<std::uint32_t>(9, 0x4000));
    c.follow(0xE3, 1, 0xFF, 0xE1, 1, 4, {58, 40, 40, 40, 58, 40, 40, 40, 0});
    return c;
}

}  // namespace nicteam::nic
