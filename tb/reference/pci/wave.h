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
    std::uint32_t lanes();               // of AD that have a meaning at this edge
    void show(std::size_t which, std::string value);
    void write(const shown&);
    void dump();

    const setup& setup_;
    pins& pins_;
    std::ostream& out_;
    std::vector<shown> shown_;
    std::vector<int> devices_;
    std::int64_t written_time_ = 0, edge_ = -1;   // edge_: number of the last edge that was written
    bool dumped_ = false, was_busy_ = false, reading_ = false, was_driven_ = false;
    std::uint32_t word_ = 0, lanes_ = ~0u;      // AD at the edge before
};

}  // namespace reference::pci
