// descriptor_loops = "stop" (docs/decisions/0092): a link that leads a unit to what it has completed itself stops it, with a counter and
// the address; what software hands over again, or points at by a start, is taken. As the chip it goes round: hostile_ring_test.cpp,
// hostile_descriptors_test.cpp.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;
using kind = nic::descriptor_stop::kind;

namespace {

enum { cu_idle = 0, cu_suspended = 1, no_resources = 2, ready = 4, no_buffers = 8 };
constexpr unsigned cna = 0x20, rnr = 0x10;
constexpr std::uint32_t at = 0x10000, list = 0x5000, none = 0xFFFF'FFFF, nowhere = 0x4000'0000;

nic::nic_config stopping() {
    nic::nic_config c;
    c.descriptor_loops = nic::loop_mode::stop;
    return c;
}

struct stopping_rig : rig {
    stopping_rig() : rig(stopping()) { configure(usual()); }
    void run_commands(std::uint32_t where) {
        scb(1, 0, where);
        run(millisecond);                         // what goes round never gets idle
    }
    void resume() {
        scb(2, 0);
        run(millisecond);
    }
    void receive_at(std::uint32_t where) {
        scb(0, 1, where);
        run_until_idle();
    }
    void take(unsigned octets) {
        arrive(payload(octets));
        run_until_idle();
    }
    void rbd(std::uint32_t where, std::uint32_t link, std::uint32_t size, unsigned count = 0) {
        memory.write32(where, count);
        memory.write32(where + 4, link);
        memory.write32(where + 8, where + 0x1000);
        memory.write32(where + 12, size);
    }
    // Two flexible descriptors with a list of buffers.
    void receive_to(std::uint32_t buffers) {
        descriptor(at, 0x0008, at + 0x1000, 0);
        descriptor(at + 0x1000, 0x0008, at + 0x2000, 0);
        descriptor(at + 0x2000, 0x0008, at + 0x3000, 0);
        memory.write32(at + 8, buffers);
        receive_at(at);
    }
    // Stopped once, there; or never.
    bool stopped(kind what, std::uint32_t where) {
        const auto& s = card.first_descriptor_stop();
        return metric("descriptor_stops") == 1 && s && s->what == what && s->address == where && s->at > 0 && s->at <= sim::now();
    }
    bool went_on() { return metric("descriptor_stops") == 0 && !card.first_descriptor_stop(); }
};

}  // namespace

TEST_CASE("descriptor loops: a command block that links to itself is carried out once and the unit is idle with CNA") {
    fresh_kernel k;
    stopping_rig r;
    const std::uint64_t before = r.metric("command_blocks");
    r.block(0x1000, 0, 0x1000);
    r.run_commands(0x1000);
    CHECK(r.stopped(kind::command_block, 0x1000));
    CHECK(r.metric("command_blocks") == before + 1);
    CHECK(r.cus() == cu_idle);
    CHECK((r.stat() & cna) != 0);
    r.transmit_block(0x3000, rig::payload(100));
    r.run_commands(0x3000);
    CHECK(r.cable.sent.size() == 1);
}

TEST_CASE("descriptor loops: a loop of two transmit blocks sends both once") {
    fresh_kernel k;
    stopping_rig r;
    r.transmit_block(0x1000, rig::payload(100), 0x0004, 0x2000);
    r.transmit_block(0x2000, rig::payload(200), 0x0004, 0x1000);
    r.run_commands(0x1000);
    CHECK(r.stopped(kind::command_block, 0x1000));
    CHECK(r.cable.sent.size() == 2);
    CHECK(r.cus() == cu_idle);
}

TEST_CASE("descriptor loops: a resume that follows the link to the same block stops unless it was handed over again") {
    for (const bool again : {false, true}) {
        fresh_kernel k;
        stopping_rig r;
        r.transmit_block(0x1000, rig::payload(100), 0x4004, 0x1000);
        r.run_commands(0x1000);
        CHECK(r.cus() == cu_suspended);
        CHECK(r.went_on());
        if (again) r.memory.write16(0x1000, 0);
        r.memory.write16(0x1002, 0x8004);
        // The S bit of before is looked at: it is clear, so the link counts.
        r.resume();
        CHECK(r.cable.sent.size() == (again ? 2 : 1));
        CHECK((again ? r.went_on() : r.stopped(kind::command_block, 0x1000)));
        CHECK(r.cus() == cu_idle);
    }
}

TEST_CASE("descriptor loops: a ring of blocks that software renews goes on for ever") {
    fresh_kernel k;
    stopping_rig r;
    r.transmit_block(0x1000, rig::payload(100), 0x4004, 0x2000);
    r.run_commands(0x1000);
    for (unsigned n = 0; n < 6; ++n) {
        const std::uint32_t next = n % 2 ? 0x1000 : 0x2000, before = n % 2 ? 0x2000 : 0x1000;
        r.transmit_block(next, rig::payload(100), 0x4004, before);
        r.memory.write16(before + 2, 0x0004);
        r.resume();
    }
    CHECK(r.cable.sent.size() == 7);
    CHECK(r.went_on());
}

TEST_CASE("descriptor loops: a start hands over what it points at") {
    fresh_kernel k;
    stopping_rig r;
    r.transmit_block(0x1000, rig::payload(100));
    r.run_commands(0x1000);
    r.run_commands(0x1000);
    CHECK(r.cable.sent.size() == 2);
    r.descriptor(at, 0x8000, 0);
    for (unsigned n = 0; n < 2; ++n) {
        r.receive_at(at);
        r.take(100);
    }
    CHECK(r.metric("rx_frames") == 2);
    // Behind a link, too.
    r.descriptor(at, 0, at + 0x1000);
    r.descriptor(at + 0x1000, 0x8000, 0);
    r.receive_at(at);
    r.take(100);
    r.take(100);
    r.receive_at(at);
    r.take(200);
    CHECK(r.metric("rx_frames") == 5);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 200));
    CHECK(r.metric("descriptor_stops") == 1);            // at the second one, which is as it was left
}

TEST_CASE("descriptor loops: a block outside memory is none that was completed") {
    fresh_kernel k;
    stopping_rig r;
    r.block(0x1000, 0, nowhere);
    r.run_commands(0x1000);
    CHECK(r.metric("master_aborts") >= 1);
    CHECK(r.went_on());
    CHECK(r.cus() == cu_idle);
}

TEST_CASE("descriptor loops: an RFD that links to itself takes one frame and the next one waits for RU start") {
    fresh_kernel k;
    stopping_rig r;
    r.descriptor(at, 0, at);
    r.receive_at(at);
    r.take(100);
    CHECK(r.stopped(kind::receive_frame, at));
    CHECK(r.rus() == no_resources);
    CHECK((r.stat() & rnr) != 0);
    r.take(200);
    CHECK(r.metric("rx_frames") == 1);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 100));
    r.descriptor(at + 0x1000, 0x8000, 0);
    r.receive_at(at + 0x1000);
    CHECK(r.metric("rx_frames") == 2);
    CHECK(r.memory.read16(at + 0x100C) == (0xC000 | 200));
}

TEST_CASE("descriptor loops: a loop of two RFDs takes two frames and goes on if the first is handed over in time") {
    for (const bool again : {false, true}) {
        fresh_kernel k;
        stopping_rig r;
        r.descriptor(at, 0, at + 0x1000);
        r.descriptor(at + 0x1000, 0, at);
        r.receive_at(at);
        r.take(100);
        if (again) r.descriptor(at, 0, at + 0x1000);
        r.take(101);
        r.take(102);
        CHECK(r.metric("rx_frames") == (again ? 3 : 2));
        CHECK(r.metric("descriptor_stops") == 1);
        CHECK(r.stopped(kind::receive_frame, again ? at + 0x1000 : at));
        CHECK(r.rus() == no_resources);
    }
}

TEST_CASE("descriptor loops: an RFD that suspends and links to itself stops the resume") {
    fresh_kernel k;
    stopping_rig r;
    r.descriptor(at, 0x4000, at);
    r.receive_at(at);
    r.take(100);
    CHECK(r.went_on());
    r.scb(0, 2);
    r.run_until_idle();
    CHECK(r.stopped(kind::receive_frame, at));
    CHECK(r.rus() == no_resources);
}

TEST_CASE("descriptor loops: a buffer descriptor that links to itself is filled once and cuts the frame off") {
    fresh_kernel k;
    stopping_rig r;
    r.rbd(list, list, 64);
    r.receive_to(list);
    r.take(500);
    CHECK(r.stopped(kind::receive_buffer, list));
    CHECK(r.metric("rx_truncated") == 1);
    CHECK(r.memory.read16(list) == (0xC000 | 64));
    CHECK(r.rus() == (no_resources | no_buffers));
    CHECK((r.stat() & rnr) != 0);
}

TEST_CASE("descriptor loops: two buffer descriptors in a loop within one frame and between frames") {
    for (const std::uint32_t size : {64u, 2000u}) {
        fresh_kernel k;
        stopping_rig r;
        r.rbd(list, list + 0x100, size);
        r.rbd(list + 0x100, list, size);
        r.receive_to(list);
        for (unsigned n = 0; n < 3; ++n) r.take(500);
        INFO(size);
        CHECK(r.stopped(kind::receive_buffer, list));
        CHECK(r.metric("rx_frames") == (size == 64 ? 0 : 2));
        CHECK(r.metric("rx_truncated") == (size == 64 ? 1 : 0));
        CHECK(r.rus() == (no_resources | no_buffers));
    }
}

TEST_CASE("descriptor loops: a buffer descriptor that is handed over again is taken by RBD resume") {
    for (const bool again : {false, true}) {
        fresh_kernel k;
        stopping_rig r;
        r.rbd(list, list, 2000);
        r.receive_to(list);
        r.take(500);
        r.take(600);
        CHECK(r.stopped(kind::receive_buffer, list));
        CHECK(r.metric("rx_frames") == 1);
        if (again) r.rbd(list, list, 2000);
        r.scb(0, 7);
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == (again ? 2 : 1));
        CHECK(r.metric("descriptor_stops") == (again ? 1 : 2));
    }
}

TEST_CASE("descriptor loops: RBD resume that goes on at a completed frame descriptor stops there") {
    fresh_kernel k;
    stopping_rig r;
    r.rbd(list, list + 0x100, 0x8000 | 64);
    r.rbd(list + 0x100, none, 0x8000 | 2000);
    r.descriptor(at, 0x0008, at, 0);
    r.memory.write32(at + 8, list);
    r.receive_at(at);
    r.take(500);
    CHECK(r.metric("rx_truncated") == 1);
    CHECK(r.went_on());
    r.memory.write32(list + 12, 64);                     // its link counts from now on
    r.scb(0, 7);
    r.run_until_idle();
    CHECK(r.stopped(kind::receive_frame, at));
    CHECK((r.rus() & 3) == no_resources);
}

TEST_CASE("descriptor loops: the buffer that RU start leads to is handed over by that even after a bad frame") {
    fresh_kernel k;
    stopping_rig r;
    r.rbd(list, none, 0x8000 | 2000, 0xC000 | 77);
    r.receive_to(list);
    r.arrive(rig::payload(300), wire::wire_end::bad_fcs);
    r.take(500);
    CHECK(r.went_on());
    CHECK(r.metric("rx_frames") == 1);
    CHECK(r.memory.read16(list) == (0xC000 | 500));
}
