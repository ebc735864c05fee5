// Rings that no driver should build: the unit stops with a reason or costs bus time, and the simulation goes on.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

enum { idle = 0, no_resources = 2, ready = 4 };
constexpr std::uint32_t at = 0x10000, nowhere = 0x40000000;

struct receiving_rig : rig {
    receiving_rig() { configure(usual()); }
    void begin(std::uint32_t where) {
        scb(0, 1, where);
        run_until_idle();
    }
    void take(unsigned frames) {
        for (unsigned n = 0; n < frames; ++n) arrive(payload(100 + n));
        run_until_idle();
    }
};

}  // namespace

TEST_CASE("hostile RFD: one that links to itself is used again and again") {
    fresh_kernel k;
    receiving_rig r;
    r.descriptor(at, 0, at);
    r.begin(at);
    r.take(20);
    CHECK(r.metric("rx_frames") == 20);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 119));
    CHECK(r.rus() == ready);
}

TEST_CASE("hostile RFD: a loop of two is used in turn") {
    fresh_kernel k;
    receiving_rig r;
    r.descriptor(at, 0, at + 0x1000);
    r.descriptor(at + 0x1000, 0, at);
    r.begin(at);
    r.take(7);
    CHECK(r.metric("rx_frames") == 7);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 106));
    CHECK(r.memory.read16(at + 0x100C) == (0xC000 | 105));
}

TEST_CASE("hostile RFD: one outside memory is a master abort and is refused with RNR") {
    for (const bool linked : {false, true}) {
        fresh_kernel k;
        receiving_rig r;
        r.descriptor(at, 0, nowhere);
        r.begin(linked ? at : nowhere);
        if (linked) r.take(1);
        CHECK(r.metric("master_aborts") == 1);
        CHECK(r.metric("refused_descriptor") == 1);
        CHECK(r.rus() == no_resources);
        CHECK((r.stat() & 0x10) != 0);
        CHECK(r.metric("rx_frames") == linked);
    }
}

TEST_CASE("hostile RFD: one at the end of memory or of the address space harms nothing") {
    for (const std::uint32_t where : {0x000FFFF4u, 0x000FFFFFu, 0xFFFFFFF0u, 0xFFFFFFFFu}) {
        fresh_kernel k;
        receiving_rig r;
        r.begin(where);
        r.take(2);
        r.scb(0, 4);
        CHECK(r.rus() == idle);
        r.descriptor(at, 0x8000, 0);
        r.begin(at);
        r.take(1);
        CHECK(r.metric("rx_frames") >= 1);
    }
}

TEST_CASE("hostile RFD: any alignment is taken byte by byte") {
    for (unsigned off = 0; off < 4; ++off) {
        fresh_kernel k;
        receiving_rig r;
        r.descriptor(at + off, 0x8000, 0);
        r.begin(at + off);
        r.take(1);
        const bytes d = rig::payload(100);
        CHECK(r.memory.read16(at + off) == 0xA020);
        CHECK(std::equal(d.begin(), d.end(), r.memory.at(at + off + 16)));
    }
}

TEST_CASE("hostile command list: outside memory and at any alignment and over its own code") {
    for (const std::uint32_t where : {nowhere, 0x000FFFF8u, 0xFFFFFFF8u, 0xFFFFFFFDu}) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        r.scb(1, 0, where);
        r.run(2 * millisecond);
        r.write(0x08, 4, 0);
        r.run_until_idle();
        CHECK(r.cus() == idle);
        r.block(0x1000, 0x8000, 0);
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        CHECK(r.memory.read16(0x1000) == 0xA000);
    }
}
