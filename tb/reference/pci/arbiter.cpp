#include "reference/pci/arbiter.h"

namespace reference::pci {

arbiter::arbiter(sc_core::sc_module_name name, const setup& s, pins& p, rising_clock& clock) : sc_module(name), setup_(s), pins_(p) {
    SC_METHOD(edge);
    sensitive << clock.edge;
    dont_initialize();
    grant(parked());                     // from power-on
    holder_before_ = holder_;
}

void arbiter::edge() {
    const bool busy = !pins_.idle();
    if (busy && !was_busy_) last_ = holder_before_;    // only who held GNT# one clock before can have begun
    was_busy_ = busy;
    holder_before_ = holder_;

    const int wanted = choose();
    if (busy) {
        grant(wanted == nobody ? parked() : wanted);
    } else if (holder_ == nobody) {
        grant(wanted == nobody ? parked() : wanted);
    } else if (wanted == nobody) {
        if (setup_.parking == parking::none) grant(nobody);
    } else if (pins_.req[holder_].read()) {            // others request, the holder does not
        grant(nobody);
    }
}

int arbiter::choose() const {
    const int n = static_cast<int>(setup_.masters.size());
    for (int i = 0; i < n; ++i) {
        const int m = setup_.arbiter == arbitration::fixed ? i : (last_ + 1 + i) % n;
        if (!pins_.req[m].read()) return m;
    }
    return nobody;
}

int arbiter::parked() const {
    switch (setup_.parking) {
        case parking::last: return last_;
        case parking::first: return 0;
        default: return nobody;
    }
}

void arbiter::grant(int to) {
    if (to == holder_) return;
    if (holder_ != nobody) pins_.gnt[holder_].write(true);
    if (to != nobody) pins_.gnt[to].write(false);
    holder_ = to;
}

}  // namespace reference::pci
