// Hears INTA# of the devices of a bus on its way to the router, for the waveform. Devices on one line are wired or.
#pragma once

#include <array>
#include <cstdint>

#include "nicteam/check/pci_pins.h"
#include "nicteam/host/interrupts.h"
#include "nicteam/pci/device.h"

namespace nicteam::scenario {

class interrupt_tee : public pci::interrupt_sink {
public:
    interrupt_tee(pci::interrupt_sink& next, const host::interrupt_router& router, unsigned bus)
        : next_(next), router_(router), bus_(bus) {}

    void drive(unsigned device, bool asserted, ps at) override {
        next_.drive(device, asserted, at);
        if (!pins_) return;
        const unsigned line = router_.line_of(bus_, device) % host::interrupt_lines;
        const std::uint32_t before = low_[line];
        if (asserted)
            low_[line] |= 1u << device;
        else
            low_[line] &= ~(1u << device);
        if ((before != 0) != (low_[line] != 0)) pins_->interrupt(line, low_[line] != 0, at);
    }
    void draw(check::pci_pins* pins) { pins_ = pins; }

private:
    pci::interrupt_sink& next_;
    const host::interrupt_router& router_;
    unsigned bus_;
    check::pci_pins* pins_ = nullptr;
    std::array<std::uint32_t, host::interrupt_lines> low_{};
};

}  // namespace nicteam::scenario
