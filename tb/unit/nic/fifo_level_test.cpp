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

// The level is looked at when a burst begins, while the second frame arrives. Up to five octets of it count, as nobody knows yet whose it is.
TEST_CASE("FIFO levels: a frame for another station counts no more from its last address octet on") {
    std::uint64_t highest = 0;
    for (ps later = 0; later < 40; ++later) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        r.descriptor(0x2000, 0x8000, 0);
        r.arrive(rig::payload(700));
        r.run_until_idle();
        REQUIRE(r.metric("rx_fifo") == 700);
        const ps start = (sim::now() / microsecond + 10) * microsecond;
        r.arrive(rig::payload(1400, {2, 0, 0, 0, 0, 9}), wire::wire_end::good, start);
        r.run(start + (later < 32 ? later * r.period() : later * 2 * microsecond) - sim::now());
        r.write(0x04, 4, 0x2000);
        r.write(0x02, 1, 1);
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == 1);
        highest = std::max(highest, r.metric("rx_fifo"));
    }
    CHECK(highest > 700);
    CHECK(highest <= 705);
}
