// A PCI-to-PCI bridge (PCI-to-PCI Bridge Architecture Specification 1.1): a device on its primary bus, the owner of its
// secondary bus. docs/pci-bridge.md gives what it forwards, in which order, and when.
//
// Memory writes are posted. All else is a delayed transaction: retried until the bridge has carried it out on the other bus.
// What waits in a bridge is bounded by its buffers; who finds them full is retried.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/pci/bus.h"
#include "nicteam/pci/configuration_space.h"

namespace nicteam::pci {

struct pci_bridge_config {
    unsigned crossing = 2;                // clocks of the receiving bus from what one side knows to what the other side sees
    std::uint32_t posted_bytes = 256;     // posted writes, each way
    unsigned posted_writes = 4;           // tenures that they may come from, each way
    unsigned delayed = 4;                 // delayed transactions, each way
    std::uint32_t read_bytes = 256;       // the most that is fetched for one delayed read
    unsigned line_prefetch = 1;           // cache lines fetched for a memory read line
    unsigned multiple_prefetch = 4;       // … for a memory read multiple
};
extern const block_info pci_bridge_info;      // kind "pci_bridge"
extern const block_info bridge_way_info;      // "downstream" and "upstream" below it

class pci_bridge : public sc_core::sc_module {
public:
    // A device in this slot of `primary`, REQ#/GNT# pair slot + 1 there; pair 0 of `secondary`, whose devices it serves.
    pci_bridge(sc_core::sc_module_name, const pci_bridge_config&, bus& primary, int slot, bus& secondary);
    ~pci_bridge() override;

    // Backdoor for firmware at time 0, as of a device. The registers of the type 1 header: bridge_header.h.
    configuration_space& registers();
    // For observers: lays what was posted on the secondary bus, and is not on the primary one yet, over `n` bytes read at `address` there.
    void overlay_posted(std::uint64_t address, std::uint8_t* data, std::size_t n) const;
    // Elaboration: packets of the shadow of this bus, which is behind, pass here; its own secondary bus counts already. For observers.
    void carries_for(const std::string& bus_path);
    bus& primary() const;
    bus& secondary() const;

private:
    struct machinery;
    std::unique_ptr<machinery> machinery_;    // models/pci/pci_bridge.cpp
};

}  // namespace nicteam::pci
