// Rising edges of CLK. An sc_clock would do, at half the speed: it has falling edges, and a signal, that nobody looks at.
#pragma once

#include <cstdint>

#include <systemc>

#include "reference/kernel.h"

namespace reference {

class rising_clock : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(rising_clock);
    rising_clock(sc_core::sc_module_name name, std::int64_t period, std::int64_t phase) : sc_module(name), period_(picoseconds(period)) {
        SC_METHOD(tick);
        sensitive << start_;
        dont_initialize();
        start_.notify(picoseconds(phase));
    }
    sc_core::sc_event edge;              // every agent's process is sensitive to this

private:
    void tick() {
        edge.notify();
        next_trigger(period_);
    }
    sc_core::sc_time period_;
    sc_core::sc_event start_;
};

}  // namespace reference
