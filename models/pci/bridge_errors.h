// What a bridge says of errors on its two buses: status bits, PERR#, SERR# (bridge specification 1.1, chapter 6; docs/pci-bridge.md).
#pragma once

#include "bridge_header.h"
#include "nicteam/pci/bus.h"

namespace nicteam::pci {

enum class bridge_side : std::uint8_t { primary, secondary };

class bridge_errors {
public:
    bridge_errors(bridge_header&, bus& primary, bus& secondary, unsigned crossing);

    // Its parity error response on this side.
    bool responds(bridge_side) const;
    // Words came with wrong parity; true: PERR#.
    bool written(bridge_side);
    bool read(bridge_side);
    // PERR# for a word that it wrote; true: it takes notice. `alone`: nothing was wrong with the word when it came to the bridge, and
    // who sent it is gone.
    bool perr(bridge_side, bool alone, ps known);
    // An address phase of another; true: SERR#, which only the primary side has.
    bool address(bridge_side, ps known);
    // A write that was posted met an abort, an answer that nobody fetched was thrown away.
    void write_lost(bridge_side, bool target_abort, ps known);
    void discarded(bridge_side, ps known);

private:
    void raise(bridge_side, std::uint16_t status);
    void secondary_serr(ps at);
    void system_error(bridge_side, ps known);      // SERR# on the primary bus, if command bit 8 is set

    bridge_header& header_;
    bus& primary_;
    unsigned crossing_;
    ps latest_ = -1;                                // SERR# is sampled low there
};

}  // namespace nicteam::pci
