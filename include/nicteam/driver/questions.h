// What whoever is stacked on an adapter may ask it, beside what adapter.h has.
#pragma once

#include <cstdint>

#include "nicteam/driver/adapter.h"
#include "nicteam/host/host.h"

namespace nicteam::driver {

// Who it is and what it lends, read over the bus (source documents 000/001, 300: identity data; 302: secondary use).
struct identify : control {
    identify() : control("identify") {}
    std::uint16_t vendor = 0, device = 0;        // of configuration space; FFFFh: nobody answers
    std::uint8_t revision = 0;
    bool secondary_out = false, secondary_in = false;     // its engines work for others: encrypt, decrypt
    bool transmits = false;                      // … and may send what they made (process-and-transmit)
};

// For drivers: what configuration space says (PCI 2.2, 6.1), and the bits of rings::use.
void read_identity(host::cpu&, const host::place&, identify&);
void lends(std::uint32_t uses, identify&);

// The driver looks at its link now; what is new is told by changed() before this completes.
struct link_look : control { link_look() : control("look_at_link") {} };

}  // namespace nicteam::driver
