// The DMA maxima (Configure bytes 4 and 5, SDM 6.4.2.3): a data burst that has had its maximum yields when the other channel wants the
// bus, and goes on behind it (docs/decisions/0032-dma-maxima-and-loopback.md).
#pragma once

#include "nic/registers/configure_bytes.h"
#include "nicteam/pci/device.h"

namespace nicteam::nic {

class dma_yield {
public:
    static constexpr unsigned channels = 2;                  // receive, commands

    void configured(const configuration&);
    bool on() const { return on_; }                          // nothing below is called while it is off

    void clear() { for (side& s : sides_) s = side{s.maximum}; }
    void wants(unsigned channel, ps act, pci::services&);    // a transfer is ordered; `never`: it is over, or given up
    void bursts(unsigned channel, pci::transfer&, pci::services&);   // data words of the tenure under way are planned
    void yielded(unsigned channel, pci::transfer&);          // its tenure ended by the limit: the other one comes first

private:
    struct side {
        std::uint32_t maximum = 1;                           // data cycles
        ps act = never;
        pci::transfer* burst = nullptr;                      // data, under way or to go on
    };
    void limit(unsigned channel, pci::services&);

    bool on_ = false;
    bool align_ = false;                                     // transmit data yield at a cache line only (read align, SDM 4.2.2)
    side sides_[channels];
};

}  // namespace nicteam::nic
