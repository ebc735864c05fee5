// A selective reset in the middle of something leaves nothing of it behind.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr unsigned cna = 0x20, fr = 0x40;

// CNA is held back by the CID of a transmit block; then the reset.
struct held_rig : rig {
    held_rig() {
        configure(usual());
        transmit_block(0x1000, payload(100), 0x8004 | 31 << 8);
        scb(1, 0, 0x1000);
        run(20 * microsecond);
        REQUIRE(memory.read16(0x1000) == 0xA000);
        REQUIRE(stat() == 0);
        write(0x08, 4, 2);
        run(microsecond);
    }
};

}  // namespace

TEST_CASE("a reset drops a CNA that is held back") {
    fresh_kernel k;
    held_rig r;
    r.ring(0x10000, 2);
    r.scb(0, 1, 0x10000);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.stat() == fr);
}

TEST_CASE("after a reset the CID is 0") {
    fresh_kernel k;
    held_rig r;
    r.block(0x1000, 0x8000, 0);
    r.scb(1, 0, 0x1000);
    r.run(3 * microsecond);
    CHECK(r.stat() == cna);
}

TEST_CASE("a reset forgets the underrun that the next status would have told") {
    for (const bool reset : {false, true}) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        r.memory.burst_words = 1;
        r.memory.first_wait = 15;
        r.transmit_block(0x1000, rig::payload(600), 0x8004, 0, 1);
        r.scb(1, 0, 0x1000);
        r.run(30 * microsecond);
        REQUIRE(r.metric("tx_underruns") == 1);
        r.memory.burst_words = UINT32_MAX;
        r.memory.first_wait = 0;
        if (reset) {
            r.write(0x08, 4, 2);
            r.run(microsecond);
            r.scb(1, 0, 0x1000);
        }
        r.run_until_idle();
        CHECK(r.memory.read16(0x1000) == (reset ? 0xA000 : 0xB000));
    }
}
