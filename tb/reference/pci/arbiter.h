// The arbiter: docs/bus.md, 1.4 to 1.6.
#pragma once

#include <systemc>

#include "reference/clock.h"
#include "reference/pci/pins.h"
#include "reference/pci/setup.h"

namespace reference::pci {

class arbiter : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(arbiter);
    arbiter(sc_core::sc_module_name, const setup&, pins&, rising_clock&);

private:
    static constexpr int nobody = -1;
    void edge();
    int choose() const;                  // among those with REQ# low, nobody if there is none
    int parked() const;
    void grant(int to);                  // GNT# for the next edge

    const setup& setup_;
    pins& pins_;
    int holder_ = nobody;                // GNT# as sampled at the present edge
    int holder_before_ = nobody;         // and at the edge before
    bool was_busy_ = false;
    int last_ = 0;
};

}  // namespace reference::pci
