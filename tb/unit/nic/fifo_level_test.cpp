// The highest levels of both FIFOs are exact.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("FIFO levels: the highest is what was held") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.transmit_block(0x1000, rig::payload(1000), 4, 0x2000);
    r.transmit_block(0x2000, rig::payload(500));
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.metric("tx_fifo") == 1500);      // held until each is sent
    r.arrive(rig::payload(700));
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.metric("rx_fifo") == 760);       // without FCS; nobody fetches them
}
