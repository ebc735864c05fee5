// Writes all pins of the bus as a value change dump (IEEE 1364-2001, 18). A change stands at the edge at which it is driven.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <systemc>

#include "reference/clock.h"
#include "reference/pci/pins.h"
#include "reference/pci/setup.h"

namespace reference::pci {

class wave : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(wave);
    wave(sc_core::sc_module_name, const setup&, pins&, rising_clock&, std::ostream&);
    void close();

private:
    struct shown {
        std::string name, identifier, value;
        unsigned bits;
    };
    void look();                         // at each edge: what was driven at the edge before
    void add(const std::string& name, unsigned bits = 1);
    void header();
    struct seen { bool driven = false; std::uint32_t word = 0, lanes = ~0u; };      // AD at the edge before
    std::string shown_word(const half&, seen&);      // lanes without a meaning as 0
    void show(std::size_t which, std::string value);
    void write(const shown&);
    void dump_values();

    const setup& setup_;
    pins& pins_;
    std::ostream& out_;
    std::vector<shown> shown_;
    std::vector<int> devices_;
    std::int64_t written_time_ = 0, edge_ = -1;   // edge_: number of the last edge that was written
    bool dumped_ = false, frame_was_low_ = false, second_ = false;   // second_: the present edge is a second address phase
    bool address_ = false, reading_ = false;         // an address phase; what follows one of a read
    seen low_, high_;
};

}  // namespace reference::pci
