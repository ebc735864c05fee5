// Faults of a target: what an agent does wrong on purpose, for a time. One gate per target, asked at the address edge.
#pragma once

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/pci/protocol.h"
#include "nicteam/sim/fault_flag.h"

namespace nicteam::pci {

// The rows, to be listed in the fault table of the block that owns the gate.
inline constexpr fault_info master_abort_fault{"master_abort", "", "claims no access: every master aborts"};
inline constexpr fault_info target_abort_fault{"target_abort", "", "aborts every access before its first word"};
inline constexpr fault_info endless_retry_fault{"endless_retry", "", "answers every access with a retry"};
inline constexpr fault_info target_fault_rows[] = {master_abort_fault, target_abort_fault, endless_retry_fault};
inline constexpr table<fault_info> target_faults{target_fault_rows};

// Of a device in a slot (device.h), which binds them itself.
inline constexpr fault_info removed_fault{"removed", "", "taken out of its slot; put in again when this ends"};
inline constexpr fault_info inserted_fault{"inserted", "", "put into its slot, where it was not from the start; taken out when this ends"};
inline constexpr fault_info slot_fault_rows[] = {removed_fault, inserted_fault};
inline constexpr fault_info device_fault_rows[] = {master_abort_fault, target_abort_fault, endless_retry_fault, removed_fault,
                                                   inserted_fault};
inline constexpr table<fault_info> device_faults{device_fault_rows};

// A fault is seen by edges strictly later than the instant at which it begins, and no more by those later than its end.
// The worst of several wins: no claim, then abort, then retry.
class fault_gate {
public:
    // Binds the three faults to the owner's path.
    explicit fault_gate(const sc_core::sc_object& owner);

    bool silent(ps address) const { return master_abort_.on(address); }      // claim nothing
    // Overrides `a` if a fault is on at this address edge; true if it did.
    bool apply(answer& a, ps address) const;

private:
    sim::fault_flag master_abort_, target_abort_, endless_retry_;
};

}  // namespace nicteam::pci
