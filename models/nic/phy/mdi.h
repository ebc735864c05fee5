// The MDI control register: cycles on the management bus of the PHY (SDM 6.3.5, IEEE 802.3 22.2.4.5). A frame takes its time
// (docs/decisions/0025); registers are read and written when it is over.
#pragma once

#include <functional>

#include "nic/chip.h"
#include "nic/edged.h"
#include "nic/phy/phy.h"

namespace nicteam::nic {

class management_interface {
public:
    static constexpr std::uint32_t ready = 0x10000000, interrupt_enable = 0x20000000;

    // line: what it has come to; anew: the PHY treats it in another way.
    management_interface(chip&, phy&, std::function<wire::negotiated()> line, std::function<void(ps)> anew);

    std::uint8_t byte(unsigned i, ps at) const { return static_cast<std::uint8_t>(shown_.seen(at) >> 8 * i); }
    void write_byte(unsigned i, std::uint8_t v, ps at);      // byte 3 begins the cycle
    void reset(ps at);                                       // a cycle under way is forgotten
    void done(ps at);                                        // timer

private:
    void show(std::uint32_t, ps at);

    chip& chip_;
    phy& phy_;
    std::function<wire::negotiated()> line_;
    std::function<void(ps)> anew_;
    std::uint32_t word_ = ready;                 // as software wrote it, or as the cycle left it
    edged<bool> busy_{false};
    edged<std::uint32_t> shown_{ready};
};

}  // namespace nicteam::nic
