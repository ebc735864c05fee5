// Which bit of the mask byte holds which cause back, and which causes have none (SDM 6.3.1).
#include <catch2/catch.hpp>

#include "nic/registers/interrupts.h"

using namespace nicteam;

TEST_CASE("interrupt masks: each cause has its own bit and MDI and SWI have none") {
    struct row { const char* name; unsigned cause, mask; };
    for (const row& w : {row{"CX", 0x80, 0x80}, row{"FR", 0x40, 0x40}, row{"CNA", 0x20, 0x20}, row{"RNR", 0x10, 0x10}, row{"MDI", 0x08, 0}, row{"SWI", 0x04, 0},
                         row{"early receive", 0x02, 0x08}, row{"flow control pause", 0x01, 0x04}})
        for (unsigned mask = 0; mask <= 0xFF; ++mask) {
            if (mask & 2) continue;                      // SI asks for an interrupt of its own
            nic::interrupts unit;
            counter assertions;
            bool line = false;
            unit.bind([&](bool on, ps) { line = on; }, assertions);
            unit.write_mask(1000, static_cast<std::uint8_t>(mask));
            unit.raise(2000, static_cast<std::uint8_t>(w.cause));
            INFO(w.name << " with mask " << mask);
            CHECK(line == !(mask & (w.mask | 1)));
            CHECK(unit.status(3000) == w.cause);         // the cause is there all the same
            CHECK(unit.mask(3000) == mask);
        }
}
