// PAUSE frames and half duplex: there are none, and a link that turns half duplex takes along what was said before (IEEE 802.3 31B.1).
#include <catch2/catch.hpp>

#include "unit/nic/pause_frames.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

void turn_half(rig& r) {
    r.cable.full_duplex = false;
    bounce(r);
}

}  // namespace

TEST_CASE("half duplex: software's XOFF is forgotten and no longer repeated") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x88, 64));
    r.write(0x1A, 1, 2);
    r.run(70 * slot);
    const std::size_t before = r.cable.sent.size();
    CHECK(before > 1);
    turn_half(r);
    r.run(200 * slot);
    CHECK(r.cable.sent.size() == before);
    CHECK(r.read(0x1A, 1) == 0);
}

TEST_CASE("half duplex: a PAUSE frame that waits does not go out") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x80, 77));
    send_two(r);
    r.write(0x1A, 1, 2);
    turn_half(r);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    for (const auto& f : r.cable.sent) CHECK(f.frame->data.size() == 604);
}

TEST_CASE("half duplex: frames that a PAUSE held go at once") {
    fresh_kernel k;
    rig r;
    r.configure(setup());
    send_two(r);
    r.arrive(control(1, 0xFFFF));
    while (r.sender.busy()) r.run(octet);
    r.run(20 * slot);
    turn_half(r);
    const ps turned = sim::now();
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[1].octets.first() <= turned + 13 * octet);
    CHECK(r.read(0x1A, 1) == 0);
}

TEST_CASE("half duplex: a full FIFO stays silent in each repetition and is counted and said when the link is full duplex again") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x98, 64));
    fill(r, 5);
    r.run(20 * slot);
    turn_half(r);
    const std::size_t before = r.cable.sent.size();
    r.run(300 * slot);
    CHECK(r.cable.sent.size() == before);
    CHECK((r.read(0x1A, 1) & 4) == 0);
    r.cable.full_duplex = true;
    bounce(r);
    r.run(10 * slot);
    REQUIRE(r.cable.sent.size() == before + 1);
    CHECK(quanta_of(r, before) == 64);
    CHECK((r.read(0x1A, 1) & 4) == 4);
}

TEST_CASE("half duplex: what would have been said is counted") {
    fresh_kernel k;
    rig r;
    r.cable.full_duplex = false;
    r.configure(setup(0x98));
    r.write(0x1A, 1, 2);
    CHECK(r.metric("tx_pauses_withheld") == 1);
    r.write(0x1A, 1, 1);
    CHECK(r.metric("tx_pauses_withheld") == 2);
    CHECK(r.read(0x1A, 1) == 0);
    fill(r, 5);
    r.run(20'000'000);
    CHECK(r.metric("tx_pauses_withheld") == 3);
    CHECK(r.metric("tx_pauses") == 0);
    CHECK(r.cable.sent.empty());
}

TEST_CASE("half duplex by the Configure command ends a pause as a link does") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x88, 64));
    r.write(0x1A, 1, 2);
    r.run(20 * slot);
    CHECK(r.cable.sent.size() == 1);
    r.configure(setup(0x08, 64));                 // no full duplex pin
    r.run(200 * slot);
    CHECK(r.cable.sent.size() == 1);
    CHECK(r.read(0x1A, 1) == 0);
}
