// Late SCB update (82557, Configure 6.0): command byte and unit status change when a command's first transfers are over (docs/decisions/0060).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t area = 0x10000, dump = 0x8000;

struct late_rig : rig {
    explicit late_rig(bool late, nic::nic_identity i = nic::nic_identity::i82557) : rig(as(i)) {
        auto c = usual();
        c[3] = 0;                                        // as an 82557 knows it
        c[7] &= 0xBF;
        c[6] = static_cast<std::uint8_t>(c[6] | late);
        configure(c);
    }
    static nic::nic_config as(nic::nic_identity i) {
        nic::nic_config c;
        c.identity = i;
        return c;
    }
    // Whether it may be a bus master: without, none of its transfers begins.
    void master(bool on) { access(pci::command::configuration_write, 0x04, 2, on ? 7 : 3); }
    struct block_state { unsigned status, command; };
    block_state look() {
        const std::uint32_t v = read(0x00, 4);
        return {v & 0xFF, v >> 16 & 0xFF};
    }
    // A command while it has no bus, and what the SCB says then; and when all that it needs the bus for is done.
    struct seen { block_state before, held, after; };
    seen issue(unsigned byte, std::uint32_t pointer = 0) {
        seen s{};
        s.before = look();
        master(false);
        write(0x04, 4, pointer);
        write(0x02, 1, byte);
        run(20 * microsecond);
        s.held = look();
        master(true);
        run(50 * microsecond);
        s.after = look();
        return s;
    }
};

}  // namespace

TEST_CASE("late SCB: a CU start is accepted at once or when its first block has been fetched") {
    for (const bool late : {false, true}) {
        fresh_kernel k;
        late_rig r(late);
        r.block(0x1000, 0x4000, 0x2000);                 // NOP and suspend
        r.block(0x2000, 0x8000, 0);
        const auto start = r.issue(0x10, 0x1000);
        INFO("late " << late);
        CHECK(start.before.status == 0x00);
        CHECK(start.held.command == (late ? 0x10 : 0));
        CHECK(start.held.status == (late ? 0x00 : 0x80));
        CHECK(start.after.command == 0);
        CHECK(start.after.status == 0x40);
        r.memory.write32(0x1000, 0);                     // S is taken away
        const auto resume = r.issue(0x20);
        CHECK(resume.held.command == (late ? 0x20 : 0));
        CHECK(resume.held.status == 0x40);               // it is suspended until it has looked
        CHECK(resume.after.command == 0);
        CHECK(resume.after.status == 0x00);
        CHECK(r.memory.read16(0x2000) == 0xA000);
        CHECK(r.metric("refused_scb") == 0);
    }
}

TEST_CASE("late SCB: it is updated when the block has been fetched and not when that is done") {
    fresh_kernel k;
    late_rig r(true);
    r.transmit_block(0x1000, rig::payload(2000));
    r.write(0x04, 4, 0x1000);
    r.write(0x02, 1, 0x10);
    late_rig::block_state last{};
    for (last = r.look(); last.command; last = r.look()) CHECK(last.status == 0x00);
    CHECK(last.status == 0x80);
    CHECK(r.memory.read16(0x1000) == 0);                 // its data are still coming
    r.run_until_idle();
    CHECK(r.memory.read16(0x1000) == 0xA000);
}

TEST_CASE("late SCB: an RU start is accepted at once or when its first descriptor has been fetched") {
    for (const bool late : {false, true}) {
        fresh_kernel k;
        late_rig r(late);
        r.ring(area, 2);
        const auto start = r.issue(0x01, area);
        INFO("late " << late);
        CHECK(start.before.status == 0x00);
        CHECK(start.held.command == (late ? 0x01 : 0));
        CHECK(start.held.status == (late ? 0x00 : 0x10));
        CHECK(start.after.command == 0);
        CHECK(start.after.status == 0x10);
        r.arrive(rig::payload(100));
        r.run_until_idle();
        CHECK(r.memory.read16(area) == 0xA000);
        const auto abort = r.issue(0x04);
        CHECK(abort.held.command == 0);
        CHECK(abort.held.status == 0x00);
    }
}

TEST_CASE("late SCB: an RU resume is accepted at once or when the next descriptor has been fetched") {
    for (const bool late : {false, true}) {
        fresh_kernel k;
        late_rig r(late);
        r.descriptor(area, 0x4000, area + 2048);         // S: suspended behind it
        r.descriptor(area + 2048, 0x8000, 0);
        r.scb(0, 1, area);
        r.arrive(rig::payload(100));
        r.run_until_idle();
        const auto resume = r.issue(0x02);
        INFO("late " << late);
        CHECK(resume.before.status == 0x04);
        CHECK(resume.held.command == (late ? 0x02 : 0));
        CHECK(resume.held.status == (late ? 0x04 : 0x10));
        CHECK(resume.after.command == 0);
        CHECK(resume.after.status == 0x10);
        r.arrive(rig::payload(100));
        r.run_until_idle();
        CHECK(r.memory.read16(area + 2048) == 0xA000);
    }
}

TEST_CASE("late SCB: an RU start that is remembered until an aborted frame is off the bus waits for its own descriptor") {
    for (const bool late : {false, true}) {
        fresh_kernel k;
        late_rig r(late);
        r.ring(area, 2);
        r.scb(0, 1, area);
        r.run(20 * microsecond);
        r.arrive(rig::payload(600));
        while (r.memory.read32(area + 16) == 0) r.run(r.period());      // its first data are in memory
        INFO("late " << late);
        r.master(false);                                 // the rest of it waits for the bus
        r.write(0x02, 1, 0x04);
        r.run(20 * microsecond);
        CHECK(r.look().command == 0);
        CHECK(r.look().status == 0x00);
        const auto start = r.issue(0x01, area + 2048);
        CHECK(start.held.command == (late ? 0x01 : 0));
        CHECK(start.held.status == (late ? 0x00 : 0x10));
        CHECK(start.after.command == 0);
        r.run_until_idle();
        CHECK(r.metric("refused_scb") == 0);
    }
}

TEST_CASE("late SCB: a first fetch that ends in a master abort updates it as well") {
    constexpr std::uint32_t outside = 0x800000;          // no memory is there
    for (const bool late : {false, true}) {
        fresh_kernel k;
        late_rig r(late);
        INFO("late " << late);
        const auto list = r.issue(0x10, outside);
        CHECK(list.held.command == (late ? 0x10 : 0));
        CHECK(list.held.status == (late ? 0x00 : 0x80));
        CHECK(list.after.command == 0);
        CHECK(list.after.status == 0x00);
        const auto ring = r.issue(0x01, outside);
        CHECK(ring.held.command == (late ? 0x01 : 0));
        CHECK(ring.held.status == (late ? 0x00 : 0x10));
        CHECK(ring.after.command == 0);
        CHECK(ring.after.status == 0x08);                // no resources
        r.ring(area, 2);
        CHECK(r.issue(0x01, area).after.status == 0x10);
    }
}

TEST_CASE("late SCB: as long as a dump holds it the CU status is what it was") {
    for (const bool late : {false, true}) {
        fresh_kernel k;
        late_rig r(late);
        r.scb(4, 0, dump);
        r.transmit_block(0x1000, rig::payload(600), 0x8004);
        r.write(0x04, 4, 0x1000);
        r.write(0x02, 1, 0x10);
        while (r.look().command) {}
        CHECK(r.look().status == 0x80);
        r.write(0x02, 1, 0x50);
        bool idle_meanwhile = false;
        late_rig::block_state s = r.look();
        for (; s.command; s = r.look()) {
            CHECK(s.status == 0x80);
            idle_meanwhile |= r.memory.read16(0x1000) == 0xA000;
        }
        INFO("late " << late);
        CHECK(idle_meanwhile == late);
        r.run_until_idle();
        CHECK(r.look().status == 0x00);
        CHECK(r.memory.read32(dump + 64) == 0xA005);
    }
}

TEST_CASE("late SCB: a dump of counters is accepted at once or when it is in memory and an address or a base at once") {
    for (const bool late : {false, true}) {
        fresh_kernel k;
        late_rig r(late);
        INFO("late " << late);
        for (const unsigned byte : {0x40u, 0x60u, 0x06u}) CHECK(r.issue(byte, byte == 0x40 ? dump : 0).held.command == 0);
        for (const auto& [byte, mark] : {std::pair(0x50u, 0xA005u), {0x70u, 0xA007u}}) {     // dump, dump and reset
            const auto d = r.issue(byte);
            CHECK(d.held.command == (late ? byte : 0));
            CHECK(d.held.status == d.before.status);
            CHECK(d.after.command == 0);
            CHECK(r.memory.read32(dump + 64) == mark);
        }
    }
}

TEST_CASE("late SCB: until then software cannot command anything else and a refused command holds nothing") {
    fresh_kernel k;
    late_rig r(true);
    r.block(0x1000, 0x0000, 0x1000);                     // NOPs without end
    r.write(0x04, 4, 0x1000);
    r.write(0x02, 1, 0x10);
    r.write(0x02, 1, 0x01);
    CHECK(r.metric("refused_scb") == 1);
    r.run(20 * microsecond);
    CHECK(r.look().command == 0);
    CHECK(r.look().status == 0x80);
    CHECK(r.issue(0x10, 0x1000).held.command == 0);      // active: refused
    CHECK(r.metric("refused_scb") == 2);
    CHECK(r.issue(0x20).held.command == 0);              // active: kept for later
    CHECK(r.metric("refused_scb") == 2);
}

TEST_CASE("late SCB: a reset updates it") {
    for (const unsigned function : {0u, 2u}) {
        fresh_kernel k;
        late_rig r(true);
        r.block(0x1000, 0x8000, 0);
        r.master(false);
        r.write(0x04, 4, 0x1000);
        r.write(0x02, 1, 0x10);
        r.run(20 * microsecond);
        CHECK(r.look().command == 0x10);
        r.write(0x08, 4, function);
        r.master(true);
        r.run(20 * microsecond);
        CHECK(r.read(0x02, 1) == 0);
        CHECK((r.read(0x00, 1) & 0xC0) == 0);
        r.configure(rig::usual());
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        CHECK(r.memory.read16(0x1000) == 0xA000);
    }
}
