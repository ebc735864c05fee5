// What the parity faults of a bus do to its tenures.
#pragma once

#include <array>
#include <vector>

#include "nicteam/pci/parity.h"
#include "nicteam/sim/session.h"

namespace nicteam::pci {

// A fault is seen by tenures whose address phase is strictly later than its begin, to their end.
class parity_faults {
public:
    explicit parity_faults(const sc_core::sc_object& owner);

    bool any() const { return active_ != 0; }
    // At the address edge, all of the payload known. A write goes on from a copy of its bytes if some are to be wrong.
    void begin(payload&, pci_extension&, ps address);
    // The target has answered, and drives or reports some of its words as wrong.
    void answered(pci_extension&);
    // Its words have passed; a read's bytes are there.
    void end(payload&, pci_extension&);

private:
    void doubt(const payload&, const pci_extension&) const;
    enum kind : unsigned { address_parity, data_parity, data_bit };
    struct fault {
        sim::fault_count count;
        std::uint64_t every = 0, before = 0;   // 0: off
        ps changed = -1;
        std::uint64_t seen = 0;                // phases while it is on
        std::uint64_t on(ps t) const { return changed < t ? every : before; }
    };
    std::array<fault, 3> faults_;
    unsigned active_ = 0;                      // faults that are on, or were until now
    tenure_errors errors_;
    std::array<std::uint64_t, 3> every_{};     // of the tenure under way
    std::vector<std::uint8_t> copy_;
    const sim::shadow& shadow_;
    sim::doubt& doubt_;
    const std::string bus_;
};

}  // namespace nicteam::pci
