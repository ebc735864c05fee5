// Command blocks, transmit and receive buffer descriptors that no driver should build: the unit stops with a reason that a counter tells, or
// goes round and costs bus time as the chip's would; software can always stop it, and what comes next is served.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

enum { idle = 0, active = 2, no_resources = 2, no_buffers = 8 };
constexpr std::uint32_t end_of_memory = 1 << 20, nowhere = 0x4000'0000, none = 0xFFFF'FFFF, frames_at = 0x10000;

struct hostile_rig : rig {
    hostile_rig() { configure(usual()); }

    // A flexible transmit block at 1000h, with this array of so many descriptors, that links to a NOP which ends the list.
    void flexible(std::uint32_t array, unsigned descriptors, unsigned command = 0x000C) {
        block(0x1000, command, 0x2000);
        memory.write32(0x1008, array);
        memory.write32(0x100C, 0xE0u << 16 | descriptors << 24);
        block(0x2000, 0x8000, none);
        scb(1, 0, 0x1000);
    }
    void tbd(std::uint32_t at, std::uint32_t buffer, std::uint32_t size, bool last = false) {
        memory.write32(at, buffer);
        memory.write32(at + 4, size | (last ? 1u << 16 : 0));
    }
    void rbd(std::uint32_t at, std::uint32_t link, std::uint32_t buffer, std::uint32_t size) {
        memory.write32(at, 0);
        memory.write32(at + 4, link);
        memory.write32(at + 8, buffer);
        memory.write32(at + 12, size);
    }
    // A flexible receive descriptor that links to itself, with a list of buffers.
    void buffers(std::uint32_t list) {
        descriptor(frames_at, 0x0008, frames_at, 0);
        memory.write32(frames_at + 8, list);
        scb(0, 1, frames_at);
        run_until_idle();
    }
    void take(unsigned octets) {
        arrive(payload(octets));
        run_until_idle();
    }
    bool works() {
        write(0x08, 4, 0);
        run_until_idle();
        configure(usual(), 0x100);
        transmit_block(0x3000, payload(100));
        const std::size_t before = cable.sent.size();
        scb(1, 0, 0x3000);
        run_until_idle();
        return memory.read16(0x3000) == 0xA000 && cable.sent.size() == before + 1;
    }
};

}  // namespace

TEST_CASE("hostile command block: one that links to itself goes round until software sets EL") {
    fresh_kernel k;
    hostile_rig r;
    r.block(0x1000, 0x0000, 0x1000);
    r.scb(1, 0, 0x1000);
    r.run(100 * microsecond);
    const std::uint64_t rounds = r.metric("command_blocks");
    CHECK(rounds > 20);                               // each costs a fetch and a status word on the bus
    CHECK(rounds < 1000);
    CHECK(r.cus() == active);
    r.memory.write16(0x1002, 0x8000);
    r.run_until_idle();
    CHECK(r.cus() == idle);
    CHECK(r.works());
}

TEST_CASE("hostile command block: a loop of transmit blocks goes round until a reset") {
    for (const unsigned reset : {0u, 2u}) {
        fresh_kernel k;
        hostile_rig r;
        r.transmit_block(0x1000, rig::payload(100), 0x0004, 0x2000);
        r.transmit_block(0x2000, rig::payload(100), 0x0004, 0x1000);
        r.scb(1, 0, 0x1000);
        r.run(millisecond);
        CHECK(r.cable.sent.size() > 50);
        r.write(0x08, 4, reset);
        r.run_until_idle();
        CHECK(r.cus() == idle);
        CHECK(r.works());
    }
}

TEST_CASE("hostile command block: one outside memory ends the list by a master abort and a refusal") {
    for (const bool linked : {false, true}) {
        fresh_kernel k;
        hostile_rig r;
        const std::uint64_t aborts = r.metric("master_aborts");
        r.block(0x1000, 0x0000, nowhere);
        r.scb(1, 0, linked ? 0x1000 : nowhere);
        r.run_until_idle();
        CHECK(r.cus() == idle);                       // the bus gives all ones, which is EL and no command
        CHECK(r.metric("master_aborts") > aborts);
        CHECK((r.stat() & 0x20) != 0);
        CHECK(r.works());
    }
}

TEST_CASE("hostile command block: at any alignment it is taken byte by byte") {
    for (unsigned off = 1; off < 4; ++off) {
        fresh_kernel k;
        hostile_rig r;
        r.transmit_block(0x1000 + off, rig::payload(100));
        r.scb(1, 0, 0x1000 + off);
        r.run_until_idle();
        CHECK(r.memory.read16(0x1000 + off) == 0xA000);
        CHECK(r.cable.sent.size() == 1);
    }
}

TEST_CASE("hostile TBD array: across the end of memory it is unsendable and the next block is served") {
    for (const std::uint32_t array : {end_of_memory - 16, end_of_memory - 12, end_of_memory - 8, end_of_memory - 4, nowhere, 0xFFFF'FFF8u}) {
        fresh_kernel k;
        hostile_rig r;
        for (std::uint32_t at = end_of_memory - 16; at < end_of_memory; at += 8) r.tbd(at, 0x4000, 64);
        r.flexible(array, 8);
        r.run_until_idle();
        INFO(array);
        CHECK(r.metric("master_aborts") >= 1);
        CHECK(r.metric("tx_unsendable") == 1);
        CHECK(r.memory.read16(0x1000) == 0x8000);
        CHECK(r.memory.read16(0x2000) == 0xA000);
        CHECK(r.cable.sent.empty());
    }
}

TEST_CASE("hostile TBD: data outside memory are all ones and the abort is counted") {
    fresh_kernel k;
    hostile_rig r;
    r.tbd(0x3000, nowhere, 64, true);
    r.flexible(0x3000, 1);
    r.run_until_idle();
    CHECK(r.metric("master_aborts") == 1);
    CHECK(r.memory.read16(0x2000) == 0xA000);
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(r.cable.sent[0].frame->data[20] == 0xFF);
}

TEST_CASE("hostile TBDs: empty ones and too many octets are unsendable") {
    struct row { const char* name; std::uint32_t size; unsigned count; };
    for (const row& w : {row{"no octets at all", 0, 8}, row{"one with 16383 octets", 0x3FFF, 1}, row{"255 with 16383 octets each", 0x3FFF, 254}}) {
        fresh_kernel k;
        hostile_rig r;
        for (unsigned i = 0; i < w.count; ++i) r.tbd(0x5000 + 8 * i, 0x4000, w.size);
        r.flexible(0x5000, w.count);
        r.run_until_idle();
        INFO(w.name);
        CHECK(r.metric("tx_unsendable") == 1);
        CHECK(r.memory.read16(0x2000) == 0xA000);
        CHECK(r.cable.sent.empty());
    }
}

TEST_CASE("hostile dynamic TBDs: an array without an end ends where memory does") {
    fresh_kernel k;
    hostile_rig r;
    auto c = rig::usual();
    c[7] |= 0x80;
    r.configure(c, 0x200);
    for (std::uint32_t at = end_of_memory - 0x400; at < end_of_memory; at += 8) r.tbd(at, 0x4000, 0);      // empty, never the last
    r.flexible(end_of_memory - 0x400, 0xFF);
    r.run_until_idle();
    CHECK(r.metric("master_aborts") == 1);
    CHECK(r.metric("tx_unsendable") == 1);
    CHECK(r.memory.read16(0x2000) == 0xA000);
}

TEST_CASE("hostile dynamic TBDs: one that never becomes valid is looked for until a reset") {
    fresh_kernel k;
    hostile_rig r;
    auto c = rig::usual();
    c[7] |= 0x80;
    r.configure(c, 0x200);
    r.tbd(0x5000, 0, 0);
    r.flexible(0x5000, 0xFF);
    r.run(millisecond);
    CHECK(r.cus() == active);
    CHECK(r.works());
}

TEST_CASE("hostile RFD: a size of 0 or odd or beyond memory") {
    struct row { unsigned size; unsigned octets; std::uint16_t status; };
    // Sizes are even (SDM 6.4.3.1): the lowest bit is none. More than any frame is no harm. 0200h: no buffer space.
    for (const row& w : {row{0, 100, 0x8220}, row{1, 100, 0x8220}, row{101, 100, 0xA020}, row{101, 101, 0x8220}, row{0x3FFF, 1000, 0xA020}}) {
        fresh_kernel k;
        hostile_rig r;
        r.descriptor(frames_at, 0, frames_at + 0x1000, w.size);
        r.descriptor(frames_at + 0x1000, 0x8000, 0);
        r.scb(0, 1, frames_at);
        r.run_until_idle();
        r.take(w.octets);
        INFO(w.size);
        CHECK((r.memory.read16(frames_at) & 0xBFFD) == w.status);
        CHECK((r.memory.read16(frames_at + 12) & 0x3FFF) == std::min(w.size & ~1u, w.octets));
        CHECK(r.metric("rx_truncated") == (w.status == 0x8220));
        r.take(100);
        CHECK(r.metric("rx_frames") >= 1);
        CHECK(r.rus() == no_resources);
    }
}

TEST_CASE("hostile RFD: a frame that runs over the end of memory is cut there by aborts that are counted") {
    fresh_kernel k;
    hostile_rig r;
    const std::uint32_t at = end_of_memory - 64;
    r.descriptor(at, 0x8000, 0, 1520);
    r.scb(0, 1, at);
    r.run_until_idle();
    r.take(500);
    CHECK(r.metric("master_aborts") >= 1);
    CHECK(r.rus() == no_resources);
    CHECK(r.works());
}

TEST_CASE("hostile RBDs: one that links to itself is filled again and again") {
    fresh_kernel k;
    hostile_rig r;
    r.rbd(0x5000, 0x5000, 0x6000, 64);
    r.buffers(0x5000);
    for (unsigned n = 0; n < 5; ++n) r.take(500);
    CHECK(r.metric("rx_frames") == 5);                // the frames are spoilt, not the unit
    CHECK((r.memory.read16(0x5000) & 0x3FFF) <= 64);
    CHECK(r.works());
}

TEST_CASE("hostile RBDs: empty ones in a loop and one outside memory stop the unit for want of buffers") {
    struct row { const char* name; std::uint32_t list; std::uint64_t refused; };
    for (const row& w : {row{"empty and linked to itself", 0x5000, 0}, row{"outside memory", nowhere, 1}, row{"across the end of memory", end_of_memory - 8, 1},
                         row{"a buffer across the end of the address space", 0x5100, 1}, row{"none", none, 0}}) {
        fresh_kernel k;
        hostile_rig r;
        r.rbd(0x5000, 0x5000, 0x6000, 0);
        r.rbd(0x5100, 0x5100, 0xFFFF'FFF0u, 0x3000);
        r.buffers(w.list);
        r.take(500);
        INFO(w.name);
        CHECK(r.metric("refused_descriptor") == w.refused);
        CHECK(r.rus() == (no_resources | no_buffers));
        CHECK((r.stat() & 0x10) != 0);
        CHECK(r.metric("rx_frames") == 0);
        CHECK(r.works());
    }
}

TEST_CASE("hostile RBDs: at any alignment they are taken byte by byte") {
    for (unsigned off = 1; off < 4; ++off) {
        fresh_kernel k;
        hostile_rig r;
        r.rbd(0x5000 + off, none, 0x6000 + off, 0x8000 | 2000);
        r.buffers(0x5000 + off);
        r.take(300);
        INFO(off);
        CHECK(r.metric("rx_frames") == 1);
        CHECK(r.memory.read16(0x5000 + off) == (0xC000 | 300));
        const bytes d = rig::payload(300);
        CHECK(std::equal(d.begin(), d.end(), r.memory.at(0x6000 + off)));
    }
}
