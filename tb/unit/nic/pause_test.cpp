// PAUSE frames, full duplex: taken, sent when the receive FIFO fills, repeated, ended; by software; their counters (SDM 6.6.2, IEEE 802.3 annex 31B).
#include <catch2/catch.hpp>

#include "unit/nic/pause_frames.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("a PAUSE holds frames from two octet edges behind it for its quanta") {
    for (const unsigned quanta : {9u, 10u, 100u}) {
        fresh_kernel k;
        rig r;
        r.configure(setup());
        send_two(r);
        r.arrive(control(1, quanta));
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(r.cable.sent[0].how == wire::wire_end::good);           // what is under way goes on
        const ps from = mac.after(r.sender.ended[0], 2);
        CHECK(from - r.sender.ended[0] <= slot);                      // annex 31B: within 512 bit times
        CHECK(r.cable.sent[1].octets.first() == from + quanta * slot);
        CHECK(dumped(r, nic::statistic::rx_pause) == 1);
        CHECK(r.metric("rx_pauses") == 1);
        CHECK((r.stat() & 1) == 1);                                   // FCP
    }
}

TEST_CASE("a PAUSE of 0 lets frames go and shows in the register while it lasts") {
    fresh_kernel k;
    rig r;
    r.configure(setup());
    send_two(r);
    r.arrive(control(1, 1000));
    while (r.sender.busy()) r.run(octet);
    r.run(100'000'000);
    CHECK((r.read(0x1A, 1) & 8) == 8);
    r.arrive(control(1, 0));
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[1].octets.first() == mac.after(r.sender.ended[1], 2));
    CHECK((r.read(0x1A, 1) & 8) == 0);
}

TEST_CASE("a second PAUSE replaces what is left of the first") {
    fresh_kernel k;
    rig r;
    r.configure(setup());
    send_two(r);
    r.arrive(control(1, 1000));
    r.arrive(control(1, 50));
    r.run_until_idle();
    CHECK(r.cable.sent.at(1).octets.first() == mac.after(r.sender.ended[1], 2) + 50 * slot);
}

TEST_CASE("PAUSE is ignored when byte 19 bit 2 says so and in half duplex") {
    for (const bool half : {false, true}) {
        fresh_kernel k;
        rig r;
        r.cable.full_duplex = !half;
        r.configure(setup(half ? 0x80 : 0x84));
        r.arrive(control(1, 1000));
        r.run_until_idle();
        send_two(r);
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(r.cable.sent[1].octets.first() - r.cable.sent[0].octets.last() == 13 * octet);
        CHECK((r.stat() & 1) == 0);
    }
}

TEST_CASE("a control frame of another operation is counted and stops nothing") {
    fresh_kernel k;
    rig r;
    r.configure(setup());
    r.arrive(control(2, 1000));
    r.run_until_idle();
    CHECK(dumped(r, nic::statistic::rx_unsupported_control) == 1);
    CHECK(dumped(r, nic::statistic::rx_pause) == 0);
    CHECK((r.read(0x1A, 1) & 8) == 0);
}

TEST_CASE("control frames go to memory like others unless byte 19 bit 5 rejects them") {
    for (const unsigned reject : {0u, 0x20u}) {
        fresh_kernel k;
        rig r;
        auto c = setup(0x80 | reject);
        c[15] |= 1;                                                   // promiscuous
        r.configure(c);
        r.ring(0x10000, 3);
        r.scb(0, 1, 0x10000);
        r.arrive(control(1, 3));
        r.arrive(control(7, 3));
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == (reject ? 0 : 2));
        CHECK(r.metric("rx_control") == (reject ? 2 : 0));
        CHECK(r.metric("rx_pauses") == 1);
    }
}

TEST_CASE("XOFF goes out when the receive FIFO has no more than the threshold of register 19h left") {
    const unsigned left[] = {512, 1024, 1280, 1536, 1792, 2048, 2304, 2560};
    for (unsigned v = 0; v < 8; ++v) {
        fresh_kernel k;
        rig r;
        r.configure(setup(0x90, 0x1234));
        r.write(0x19, 1, v);
        CHECK(r.read(0x19, 1) == v);
        fill(r, 5);
        r.run(20'000'000);
        const unsigned byte = 3072 - left[v] - 1;                     // of what is in the FIFO: 600 bytes a frame, FCS taken off
        const ps entered = r.sender.begun[byte / 600] + (8 + 4 + byte % 600) * octet;
        REQUIRE(r.cable.sent.size() == 1);
        CHECK(r.cable.sent[0].octets.first() == mac.after(entered, 2));
        CHECK(r.cable.sent[0].octets.units() == 72);
        CHECK(quanta_of(r, 0) == 0x1234);
        packet::ensure_fcs(*r.cable.sent[0].frame);
        CHECK(packet::check_fcs(*r.cable.sent[0].frame));
        CHECK((r.read(0x1A, 1) & 4) == 4);
        CHECK(dumped(r, nic::statistic::tx_pause) == 1);
    }
}

TEST_CASE("without ReStop and ReStart and in half duplex a full FIFO sends nothing") {
    for (const bool half : {false, true}) {
        fresh_kernel k;
        rig r;
        r.cable.full_duplex = !half;
        r.configure(setup(half ? 0x98 : 0x80));
        fill(r, 5);
        r.run(20'000'000);
        CHECK(r.cable.sent.empty());
        CHECK((r.read(0x1A, 1) & 4) == 0);
    }
}

TEST_CASE("ReStop sends XOFF again 27 slots before it ends - the lower 5 bits of the delay do not count") {
    for (const unsigned delay : {32u, 63u, 64u, 100u, 1000u}) {
        fresh_kernel k;
        rig r;
        r.configure(setup(0x88, delay));
        fill(r, 5);
        r.run(4 * static_cast<ps>(delay) * slot);
        REQUIRE(r.cable.sent.size() >= 3);
        for (std::size_t i = 1; i < 3; ++i) {
            const ps ended = r.cable.sent[i - 1].octets.last();
            const ps next = std::max(mac.after(ended + ((delay & ~31u) - 27) * slot, 2), ended + 13 * octet);
            INFO(delay);
            CHECK(r.cable.sent[i].octets.first() == next);
            CHECK(quanta_of(r, i) == delay);
        }
    }
}

TEST_CASE("ReStop with a delay below 32 sends XOFF continuously") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x88, 31));
    fill(r, 5);
    r.run(20 * slot);
    REQUIRE(r.cable.sent.size() > 5);
    for (std::size_t i = 1; i < 5; ++i) CHECK(r.cable.sent[i].octets.first() - r.cable.sent[i - 1].octets.last() == 13 * octet);
}

TEST_CASE("ReStart sends XON when the FIFO has room again - not with a delay below 32") {
    for (const unsigned delay : {31u, 32u, 0x4000u}) {
        fresh_kernel k;
        rig r;
        r.configure(setup(0x90, delay));
        fill(r, 5);
        r.run(20'000'000);
        REQUIRE(r.cable.sent.size() == 1);
        r.ring(0x10000, 8);
        r.scb(0, 1, 0x10000);
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == 5);
        CHECK((r.read(0x1A, 1) & 4) == 0);
        INFO(delay);
        REQUIRE(r.cable.sent.size() == (delay < 32 ? 1 : 2));
        if (delay >= 32) CHECK(quanta_of(r, 1) == 0);
    }
}

TEST_CASE("software says XOFF and XON by register 1Ah") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x80, 77));
    r.write(0x1A, 1, 2);
    r.run_until_idle();
    CHECK((r.read(0x1A, 1) & 2) == 2);
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(quanta_of(r, 0) == 77);
    r.write(0x1A, 1, 1);
    r.run_until_idle();
    CHECK((r.read(0x1A, 1) & 3) == 0);
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(quanta_of(r, 1) == 0);
}

TEST_CASE("a PAUSE frame goes out between two others and while those are held") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x80, 77));
    send_two(r);
    r.arrive(control(1, 1000));
    while (r.sender.busy()) r.run(octet);
    r.write(0x1A, 1, 2);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 3);
    CHECK(r.cable.sent[1].octets.first() == r.cable.sent[0].octets.last() + 13 * octet);
    CHECK(quanta_of(r, 1) == 77);
    CHECK(r.cable.sent[2].octets.first() == mac.after(r.sender.ended[0], 2) + 1000 * slot);
}

TEST_CASE("a reset forgets pause and threshold and XOFF") {
    fresh_kernel k;
    rig r;
    r.configure(setup());
    r.write(0x19, 1, 5);
    r.write(0x1A, 1, 2);
    r.arrive(control(1, 1000));
    r.run_until_idle();
    r.write(0x08, 4, 0);
    r.run_until_idle();
    CHECK(r.read(0x19, 1) == 0);
    CHECK(r.read(0x1A, 1) == 0);
}
