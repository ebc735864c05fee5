// What can be wrong with a MAC while its link is up and the bus side works (docs/decisions/0155-a-dead-mac.md).
#pragma once

#include "nicteam/base/tables.h"
#include "nicteam/pci/fault_gate.h"
#include "nicteam/sim/fault_flag.h"

namespace nicteam::nic {

class controller;

inline constexpr fault_info nic_fault_rows[] = {
    pci::master_abort_fault, pci::target_abort_fault, pci::endless_retry_fault, pci::removed_fault, pci::inserted_fault,
    {"mac_dead", "", "its MAC sends and hears nothing, with the link up: frames that begin meanwhile are lost as tx_mac_dead and rx_mac_dead, commands complete as ever; "
                     "bus, rings and crypto block work"},
    {"transmit_dead", "", "of mac_dead what it sends: it still hears"},
    {"receive_dead", "", "of mac_dead what it hears: it still sends"},
    {"transmit_hung", "", "its MAC begins no frame, with the link up: the transmit FIFO fills, commands do not complete and the driver's transmit_timeout resets it, which "
                          "does not help; it still hears"},
};
enum mac_fault : unsigned { mac_dead_fault = 5, transmit_dead_fault, receive_dead_fault, transmit_hung_fault, nic_faults };
static_assert(sizeof nic_fault_rows / sizeof *nic_fault_rows == nic_faults);

struct mac_faults {
    sim::fault_flag dead, transmit_dead, receive_dead;
    sim::fault_count hung;
    bool any = false;                    // there has been one: else nobody looks at the clock

    // What begins to pass between MAC and PHY at `at`.
    bool sends(ps at) const { return !dead.on(at) && !transmit_dead.on(at); }      // if `any`
    bool hears(ps at) const { return !dead.on(at) && !receive_dead.on(at); }
};

void bind_mac_faults(const sc_core::sc_object& nic, controller&);

}  // namespace nicteam::nic
