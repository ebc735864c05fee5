// Every transition of the command unit (SDM 6.4.1), its commands, its interrupts.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
enum { idle = 0, suspended = 1, active = 2 };
enum { cx = 0x80, fr = 0x40, cna = 0x20, rnr = 0x10, swi = 0x04 };
constexpr unsigned el = 0x8000, s = 0x4000, i_bit = 0x2000, nop = 0, resume = 2;
}  // namespace

TEST_CASE("CU idle: start makes it active and EL returns it to idle with CNA") {
    fresh_kernel k;
    rig r;
    r.block(0x1000, el | nop, 0);
    r.scb(1, 0, 0x1000);
    CHECK(r.cus() == active);
    r.run_until_idle();
    CHECK(r.cus() == idle);
    CHECK(r.memory.read16(0x1000) == 0xA000);
    CHECK(r.stat() == cna);
    CHECK(r.interrupt);
}

TEST_CASE("CU idle: resume is ignored and counted") {
    fresh_kernel k;
    rig r;
    r.scb(resume, 0);
    r.run_until_idle();
    CHECK(r.cus() == idle);
    CHECK(r.metric("refused_scb") == 1);
    CHECK(r.own().empty());
}

TEST_CASE("CU active: reads as active and refuses a start") {
    fresh_kernel k;
    rig r;
    r.memory.first_wait = 12;
    r.block(0x1000, nop, 0x1100);
    r.block(0x1100, el | nop, 0);
    r.write(0x04, 4, 0x1000);
    r.write(0x02, 1, 0x10);
    r.run(4 * r.period());
    CHECK(r.cus() == active);
    r.write(0x02, 1, 0x10);
    r.run_until_idle();
    CHECK(r.metric("refused_scb") == 1);
    CHECK(r.metric("command_blocks") == 2);
}

TEST_CASE("CU active: a block without EL and S leads to the next") {
    fresh_kernel k;
    rig r;
    for (unsigned n = 0; n < 40; ++n) r.block(0x1000 + n * 0x40, n == 39 ? el : nop, 0x1000 + (n + 1) * 0x40);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.metric("command_blocks") == 40);
    CHECK(r.memory.read16(0x1000 + 39 * 0x40) == 0xA000);
    CHECK(r.stat() == cna);
}

TEST_CASE("CU active: S suspends it with CNA") {
    fresh_kernel k;
    rig r;
    r.block(0x1000, s | nop, 0x1100);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.cus() == suspended);
    CHECK(r.stat() == cna);
}

TEST_CASE("CU active: EL wins over S") {
    fresh_kernel k;
    rig r;
    r.block(0x1000, el | s | nop, 0x1100);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.cus() == idle);
}

TEST_CASE("CU suspended: resume with S clear goes on at the saved link") {
    fresh_kernel k;
    rig r;
    r.block(0x1000, s | nop, 0x1100);
    r.block(0x1100, el | nop, 0);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    r.memory.write32(0x1000, 0);
    r.memory.write32(0x1004, 0x5000);        // the link is not read again
    r.scb(resume, 0);
    r.run_until_idle();
    CHECK(r.memory.read16(0x1100) == 0xA000);
    CHECK(r.cus() == idle);
}

TEST_CASE("CU suspended: resume with S still set stays suspended") {
    fresh_kernel k;
    rig r;
    r.block(0x1000, s | nop, 0x1100);
    r.block(0x1100, el | nop, 0);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    r.log.log.clear();
    r.scb(resume, 0);
    r.run_until_idle();
    CHECK(r.cus() == suspended);
    CHECK(r.memory.read16(0x1100) == 0);
    REQUIRE(r.own().size() == 1);
    CHECK(r.own()[0].command == pci::command::memory_read);
}

TEST_CASE("CU suspended: start goes to the given block") {
    fresh_kernel k;
    rig r;
    r.block(0x1000, s | nop, 0x1100);
    r.block(0x2000, el | nop, 0);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    r.scb(1, 0, 0x2000);
    r.run_until_idle();
    CHECK(r.memory.read16(0x2000) == 0xA000);
    CHECK(r.cus() == idle);
}

TEST_CASE("CU active: a resume while it works is remembered until a block with S") {
    fresh_kernel k;
    rig r;
    r.memory.first_wait = 14;
    r.block(0x1000, s | nop, 0x1100);
    r.block(0x1100, el | nop, 0);
    r.write(0x04, 4, 0x1000);
    r.write(0x02, 1, 0x10);
    r.run(24 * r.period());                  // the block is fetched with S
    r.memory.write32(0x1000, 0);             // the driver clears it, and resumes
    r.write(0x02, 1, resume << 4);
    r.run_until_idle();
    CHECK(r.memory.read16(0x1100) == 0xA000);
    CHECK(r.cus() == idle);
}

TEST_CASE("CX comes with the I bit and CI mode is quiet about suspending") {
    fresh_kernel k;
    rig r;
    auto c = rig::usual();
    c[6] |= 0x08;
    r.configure(c);
    r.block(0x1000, s | i_bit | nop, 0x1100);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.stat() == cx);
    r.ack(cx);
    CHECK_FALSE(r.interrupt);
    r.block(0x1000, el | nop, 0);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.stat() == cna);
}

TEST_CASE("an unknown command block completes without OK and the unit goes on") {
    fresh_kernel k;
    rig r;
    r.block(0x1000, 8, 0x1100);              // the 82559's wake-up filter
    r.block(0x1100, el | nop, 0);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.memory.read16(0x1000) == 0x8000);
    CHECK(r.memory.read16(0x1100) == 0xA000);
    CHECK(r.metric("refused_command") == 1);
}

TEST_CASE("a block outside memory is a master abort and ends like all ones") {
    fresh_kernel k;
    rig r;
    r.scb(1, 0, 0x40000000);
    r.run_until_idle();
    CHECK(r.cus() == idle);
    CHECK(r.metric("master_aborts") == 2);
    CHECK((r.card.pci_device().registers().read(0x06, 2) & 0x2000) != 0);
}

TEST_CASE("a block that links to itself costs bus time and the simulation goes on") {
    fresh_kernel k;
    rig r;
    r.block(0x1000, nop, 0x1000);
    r.scb(1, 0, 0x1000);
    r.run(microsecond * 100);
    CHECK(r.metric("command_blocks") > 100);
    CHECK(r.cus() == active);
    r.write(0x08, 4, 0);                     // PORT software reset
    r.run_until_idle();
    CHECK(r.cus() == idle);
}

TEST_CASE("CU base is added and may only be loaded while idle") {
    fresh_kernel k;
    rig r;
    r.scb(6, 0, 0x8000);
    r.block(0x9000, s | nop, 0);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.memory.read16(0x9000) == 0xA000);
    r.scb(6, 0, 0);
    CHECK(r.metric("refused_scb") == 1);
}

TEST_CASE("counters are dumped by size with their completion words") {
    struct row { unsigned byte6, words; };
    for (const row& w : {row{0x32, 16}, row{0x12, 19}, row{0x36, 20}}) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[6] = static_cast<std::uint8_t>(w.byte6);
        r.configure(c);
        r.transmit_block(0x1000, rig::payload(100));
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        r.scb(4, 0, 0x6000);
        r.scb(5, 0);
        r.run_until_idle();
        CHECK(r.memory.read32(0x6000) == 1);
        CHECK(r.memory.read32(0x6000 + 4 * w.words) == 0xA005);
        CHECK(r.memory.read32(0x6000 + 4 * w.words + 4) == 0);
        r.scb(7, 0);
        r.run_until_idle();
        CHECK(r.memory.read32(0x6000) == 1);
        CHECK(r.memory.read32(0x6000 + 4 * w.words) == 0xA007);
        r.scb(5, 0);
        r.run_until_idle();
        CHECK(r.memory.read32(0x6000) == 0);
        CHECK(r.cus() == idle);
    }
}
