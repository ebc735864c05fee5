// The gap between transmitted frames: Configure byte 12 (16 bit times a unit) and byte 2 (8 PCI clocks a unit).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr ps octet = 80'000;

// From the last octet of a frame to the first preamble octet of the next, both waiting in the FIFO.
ps distance(unsigned gap_units, unsigned adaptive) {
    fresh_kernel k;
    rig r;
    auto c = rig::usual();
    c[2] = static_cast<std::uint8_t>(adaptive);
    c[12] = static_cast<std::uint8_t>(gap_units << 4);
    r.configure(c);
    r.transmit_block(0x1000, rig::payload(600), 0x0004, 0x2000);
    r.transmit_block(0x2000, rig::payload(600));
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    return r.cable.sent[1].octets.first() - r.cable.sent[0].octets.last();
}

}  // namespace

TEST_CASE("the gap of Configure byte 12 is 16 bit times a unit") {
    for (unsigned units = 1; units <= 15; ++units) CHECK(distance(units, 0) == (1 + 2 * units) * octet);
}

TEST_CASE("the adaptive gap of Configure byte 2 adds 8 PCI clocks a unit and ends on an octet edge") {
    for (const unsigned units : {1u, 2u, 3u, 10u, 100u, 255u}) {
        const ps least = 13 * octet + units * 8 * 30'000;
        CHECK(distance(6, units) == (least + octet - 1) / octet * octet);
    }
}
