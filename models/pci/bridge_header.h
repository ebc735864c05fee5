// The type 1 configuration header: declarations, and what its windows let through.
#pragma once

#include <cstdint>

#include "nicteam/pci/configuration_space.h"
#include "nicteam/pci/protocol.h"

namespace nicteam::pci {

class bridge_header {
public:
    bridge_header();

    configuration_space space;

    // Is this memory or I/O address one of the secondary side?
    struct range {
        std::uint64_t first = 1, last = 0;       // inclusive; first > last: closed
        bool holds(std::uint64_t a) const { return a >= first && a <= last; }
    };
    range io() const;
    range memory() const;
    range prefetchable() const;
    bool behind(bool io_space, std::uint64_t address) const;
    // The first address after `address` at which behind() changes.
    std::uint64_t end_of_side(bool io_space, std::uint64_t address) const;

    unsigned secondary_bus() const { return space.read(0x19, 1); }
    unsigned subordinate_bus() const { return space.read(0x1A, 1); }
    unsigned secondary_latency_timer() const { return space.read(0x1B, 1); }

    // Bridge control.
    bool secondary_parity_response() const { return control() & 1u << 0; }
    bool forwards_serr() const { return control() & 1u << 1; }
    bool discard_is_error() const { return control() & 1u << 11; }                // SERR#
    bool aborts_as_errors() const { return control() & 1u << 5; }                 // master abort mode
    bool secondary_reset() const { return control() & 1u << 6; }
    // Clocks of the requester's bus after which what it does not fetch is thrown away.
    std::uint32_t discard_clocks(bool primary_requester) const {
        return control() & 1u << (primary_requester ? 8 : 9) ? 1u << 10 : 1u << 15;
    }
    void discarded() { space.set(0x3E, 2, control() | 1u << 10); }
    void raise_secondary_status(std::uint16_t bits) { space.set(0x1E, 2, space.read(0x1E, 2) | bits); }

private:
    unsigned control() const { return space.read(0x3E, 2); }
};

}  // namespace nicteam::pci
