// Power events: what sets PME_Status, what register 1Bh (PMDR) tells of it, and PME# (PCI Power Management 1.1, 3.2.4; SDM 6.3.9).
// docs/decisions/0049. Known from the 82559 on: a change of the link, and below D0 a magic packet.
#pragma once

#include "nic/chip.h"
#include "nic/mac/receiver.h"

namespace nicteam::nic {

// The packet holds six octets FFh and behind them the address 16 times, anywhere.
bool is_magic(const frame&, const address_filter::mac&);

class wake_up {
public:
    wake_up(chip&, receiver&);
    void link_changed(ps at);
    void happened();                             // timer
    void update();                               // PME_En or PME_Status may have changed
    void reset(bool keeps_events);

    // Register 1Bh.
    std::uint8_t status() const;
    void acknowledge(std::uint8_t v);

private:
    void event(std::uint8_t why, ps at);

    chip& chip_;
    std::uint8_t events_ = 0, fresh_ = 0;        // as software sees them; those that it does not see yet
    bool pme_ = false;
};

}  // namespace nicteam::nic
