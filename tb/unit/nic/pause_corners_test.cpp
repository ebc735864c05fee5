// PAUSE frames that a NIC sends, in the corners: both reasons at once, small FIFOs, loops, lost links, resets, an end that has not agreed.
#include <catch2/catch.hpp>

#include "unit/nic/pause_frames.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("software's XON while the FIFO is full sends nothing and ReStop goes on") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x88, 64));
    fill(r, 5);
    r.run(20 * slot);
    r.write(0x1A, 1, 2);
    r.write(0x1A, 1, 1);
    CHECK((r.read(0x1A, 1) & 7) == 4);
    r.run(200 * slot);
    REQUIRE(r.cable.sent.size() >= 4);
    for (std::size_t i = 0; i < r.cable.sent.size(); ++i) CHECK(quanta_of(r, i) == 64);
}

TEST_CASE("room in the FIFO neither ends software's XOFF nor its repetition and its XON ends both") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x98, 64));
    fill(r, 5);
    r.run(20 * slot);
    r.write(0x1A, 1, 2);
    r.ring(0x10000, 8);
    r.scb(0, 1, 0x10000);
    r.run(20 * slot);
    CHECK((r.read(0x1A, 1) & 7) == 2);
    const std::size_t before = r.cable.sent.size();
    r.run(200 * slot);
    REQUIRE(r.cable.sent.size() >= before + 3);
    for (std::size_t i = 0; i < r.cable.sent.size(); ++i) CHECK(quanta_of(r, i) == 64);
    r.write(0x1A, 1, 1);
    r.run_until_idle();
    CHECK(quanta_of(r, r.cable.sent.size() - 1) == 0);
    CHECK((r.read(0x1A, 1) & 7) == 0);
}

TEST_CASE("XON and XOFF in one write are XON") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x80, 64));
    r.write(0x1A, 1, 3);
    r.run_until_idle();
    CHECK((r.read(0x1A, 1) & 7) == 0);
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(quanta_of(r, 0) == 0);
}

TEST_CASE("a Configure command that ends flow control forgets that the FIFO is full and behind one that asks for it the next frame finds it full") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x90, 64));
    fill(r, 5);
    r.run(20 * slot);
    CHECK((r.read(0x1A, 1) & 7) == 4);
    REQUIRE(r.cable.sent.size() == 1);
    r.configure(setup(0x80, 64));
    CHECK((r.read(0x1A, 1) & 7) == 0);
    r.configure(setup(0x90, 64));
    fill(r, 1);
    r.run(20 * slot);
    CHECK((r.read(0x1A, 1) & 7) == 4);
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(quanta_of(r, 1) == 64);
}

TEST_CASE("a frame that is not for the NIC does not fill its FIFO") {
    for (const bool ours : {true, false}) {
        fresh_kernel k;
        rig r;
        r.configure(setup(0x90, 64));
        for (unsigned i = 0; i < 4; ++i) r.arrive(rig::payload(600));           // 512 of 3072 are to be left
        r.arrive(rig::payload(600, {2, 0, 0, 0, 0, static_cast<std::uint8_t>(ours ? 1 : 7)}));
        r.run_until_idle();
        INFO(ours);
        CHECK((r.read(0x1A, 1) & 7) == (ours ? 4 : 0));
        CHECK(r.cable.sent.size() == (ours ? 1 : 0));
    }
}

TEST_CASE("a FIFO no larger than the threshold is full with its first byte and has room when it is empty") {
    for (const unsigned bytes_of_it : {512u, 2048u}) {
        fresh_kernel k;
        nic::nic_config c;
        c.identity = nic::nic_identity::extended;
        c.rx_fifo = bytes_of_it;
        rig r(c);
        r.configure(setup(0x90, 100));
        r.write(0x19, 1, bytes_of_it == 512 ? 0 : 5);
        r.arrive(rig::payload(200));
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 1);
        CHECK(r.cable.sent[0].octets.first() == mac.after(r.sender.begun[0] + (8 + 5) * octet + 1, 2));     // its address is known
        CHECK(quanta_of(r, 0) == 100);
        r.ring(0x10000, 2);
        r.scb(0, 1, 0x10000);
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(quanta_of(r, 1) == 0);
    }
}

TEST_CASE("a NIC that is paused still says XOFF and XON and two that pause each other go on") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x90, 0x4000));
    send_two(r);
    r.arrive(control(1, 0xFFFF));
    fill(r, 5);
    CHECK((r.read(0x1A, 1) & 12) == 12);
    r.ring(0x10000, 8);
    r.scb(0, 1, 0x10000);
    r.run(1000 * octet);
    REQUIRE(r.cable.sent.size() == 3);            // the first frame, XOFF, XON: the second frame is held
    CHECK(quanta_of(r, 1) == 0x4000);
    CHECK(quanta_of(r, 2) == 0);
    r.arrive(control(1, 0));
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 4);
    CHECK(r.cable.sent[3].frame->data.size() == 604);
}

TEST_CASE("PAUSE frames in loopback hold the NIC itself and let it go") {
    fresh_kernel k;
    rig r;
    auto c = setup(0x90, 100);
    c[10] = static_cast<std::uint8_t>((c[10] & 0x3F) | 0x40);
    r.configure(c);
    r.write(0x1A, 1, 2);
    r.run(200 * octet);
    CHECK((r.read(0x1A, 1) & 10) == 10);
    CHECK(r.metric("rx_pauses") == 1);
    r.write(0x1A, 1, 1);
    r.run(200 * octet);
    CHECK((r.read(0x1A, 1) & 10) == 0);
    CHECK(r.metric("rx_pauses") == 2);
    CHECK(r.metric("tx_pauses_unheard") == 0);
    CHECK(r.cable.sent.empty());
}

TEST_CASE("a lost link neither ends a pause nor lengthens it") {
    fresh_kernel k;
    rig r;
    r.configure(setup());
    send_two(r);
    r.arrive(control(1, 1000));
    while (r.sender.busy()) r.run(octet);
    r.run(300 * slot);
    r.card.receiver().link(false, sim::now());
    r.run(100 * slot);
    CHECK((r.read(0x1A, 1) & 8) == 8);
    r.card.receiver().link(true, sim::now());
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[1].octets.first() == mac.after(r.sender.ended[0], 2) + 1000 * slot);
}

TEST_CASE("who comes to the other end of a link is told that the FIFO is full or software says so") {
    for (const bool software : {false, true}) {
        fresh_kernel k;
        rig r;
        r.configure(setup(0x90, 1000));
        if (software) r.write(0x1A, 1, 2);
        else fill(r, 5);
        r.run(20 * slot);
        REQUIRE(r.cable.sent.size() == 1);
        bounce(r);
        r.run(20 * slot);
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(quanta_of(r, 1) == 1000);
    }
}

TEST_CASE("each reset ends a pause and what is held is thrown away") {
    for (const unsigned function : {0u, 2u}) {
        fresh_kernel k;
        rig r;
        r.configure(setup(0x98, 64));
        send_two(r);
        r.arrive(control(1, 0xFFFF));
        fill(r, 5);
        r.run(20 * slot);
        CHECK((r.read(0x1A, 1) & 12) == 12);
        r.write(0x08, 4, function);
        const std::size_t before = r.cable.sent.size();
        r.run_until_idle();
        INFO(function);
        CHECK(r.cable.sent.size() == before);     // nobody repeats anything
        CHECK(r.read(0x1A, 1) == 0);
        if (function == 0) r.configure(setup());
        send_two(r);
        r.run_until_idle();
        CHECK(r.cable.sent.size() == before + 2);
    }
}

TEST_CASE("PAUSE frames to an end that has not agreed are sent and counted as unheard") {
    for (const bool agreed : {false, true}) {
        fresh_kernel k;
        rig r;
        r.cable.pause = agreed;
        r.configure(setup(0x80, 77));
        r.write(0x1A, 1, 2);
        r.write(0x1A, 1, 1);
        r.run_until_idle();
        CHECK(r.metric("tx_pauses") == 2);
        CHECK(r.metric("tx_pauses_unheard") == (agreed ? 0 : 2));
    }
}

TEST_CASE("the counters of PAUSE stand in a dump of 19 and 20 and not in one of 16 and a dump that resets clears them") {
    fresh_kernel k;
    rig r;
    r.configure(setup(0x80, 77));
    r.write(0x1A, 1, 2);
    r.arrive(control(1, 0));
    r.arrive(control(1, 0));
    for (const unsigned opcode : {2u, 3u, 4u}) r.arrive(control(opcode, 0));
    r.run_until_idle();
    struct form { unsigned byte_6, completion; };
    for (const form& f : {form{0x32, 0x40}, form{0x12, 0x4C}, form{0x36, 0x50}}) {
        auto c = setup(0x80, 77);
        c[6] = static_cast<std::uint8_t>(f.byte_6);
        r.configure(c);
        for (unsigned at = 0x8000; at < 0x8060; at += 4) r.memory.write32(at, 0);
        r.scb(4, 0, 0x8000);
        r.scb(5, 0);
        r.run(100'000'000);
        INFO(f.completion);
        CHECK(r.memory.read32(0x8000 + f.completion) == 0xA005);
        if (f.completion == 0x40) continue;
        CHECK(r.memory.read32(0x8040) == 1);      // sent
        CHECK(r.memory.read32(0x8044) == 2);      // received
        CHECK(r.memory.read32(0x8048) == 3);      // unsupported
    }
    r.scb(7, 0);
    r.run(100'000'000);
    CHECK(r.memory.read32(0x8044) == 2);
    CHECK(dumped(r, nic::statistic::rx_pause) == 0);
    CHECK(dumped(r, nic::statistic::tx_pause) == 0);
    CHECK(dumped(r, nic::statistic::rx_unsupported_control) == 0);
}
