// Dump, diagnose, load microcode, and the PORT functions that write to memory.
#include <catch2/catch.hpp>

#include "nicteam/packet/fcs.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr unsigned el = 0x8000, port = 0x08, dump_bytes = 596;

// What a driver knows to be in a dump (SDM tables 50 and 51).
void check_dump(rig& r, std::uint32_t at, const std::vector<std::uint8_t>& configured) {
    for (unsigned i = 8; i < 22; ++i) {
        INFO("configure byte " << i);
        CHECK((r.memory.read16(at + 24 + i - 8) & 0xFF) == configured[i]);
    }
    const std::uint8_t own[6] = {2, 0, 0, 0, 0, 1};
    for (unsigned i = 0; i < 6; ++i) CHECK((r.memory.read16(at + 39 + i) & 0xFF) == own[i]);
}

void fill_memory(rig& r, std::uint32_t at, std::uint32_t n) {
    for (std::uint32_t i = 0; i < n; i += 4) r.memory.write32(at + i, 0xEEEEEEEE);
}

}  // namespace

TEST_CASE("Dump: configuration and address and hash and the latest frames come to CU base plus pointer") {
    fresh_kernel k;
    rig r;
    const auto c = rig::usual();
    r.configure(c);
    r.block(0x1000, el | 3, 0);                       // one multicast address
    r.memory.write32(0x1008, 0x00010006);
    r.memory.write32(0x100C, 0xFB00005E);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    r.transmit_block(0x1000, rig::payload(100));
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    r.ring(0x10000, 2);
    r.scb(0, 1, 0x10000);
    r.arrive(rig::payload(123));
    r.run_until_idle();
    r.scb(6, 0, 0x20000);                             // CU base
    fill_memory(r, 0x21000, dump_bytes + 8);
    r.block(0x20100, el | 6, 0);
    r.memory.write32(0x20108, 0x1000);
    r.scb(1, 0, 0x100);
    r.run_until_idle();
    CHECK(r.memory.read16(0x20100) == 0xA000);
    check_dump(r, 0x21000, c);
    CHECK(r.memory.read16(0x21000 + 45) == 0xA000);
    CHECK(r.memory.read16(0x21000 + 61) == 0xA020);
    CHECK(r.memory.read16(0x21000 + 75) == 123);
    const unsigned bit = packet::multicast_hash({0x01, 0, 0x5E, 0, 0, 0xFB});
    for (unsigned i = 0; i < 8; ++i) CHECK((r.memory.read16(0x21000 + 63 + i) & 0xFF) == (bit / 8 == i ? 1u << bit % 8 : 0u));
    CHECK(r.memory.read32(0x21000 + dump_bytes) == 0xEEEEEEEE);
    CHECK(r.metric("refused_command") == 0);
}

TEST_CASE("Diagnose: passes") {
    fresh_kernel k;
    rig r;
    r.block(0x1000, el | 7, 0);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.memory.read16(0x1000) == 0xA000);         // F, bit 11, is clear
}

TEST_CASE("Load microcode: is fetched and completes and changes nothing") {
    for (const unsigned dwords : {64u, 134u}) {
        fresh_kernel k;
        nic::nic_config c;
        c.microcode_dwords = dwords;
        rig r(c);
        r.configure(rig::usual());
        r.log.log.clear();
        r.block(0x1000, el | 5, 0);
        for (unsigned i = 0; i < dwords; ++i) r.memory.write32(0x1008 + 4 * i, 0xFFFFFFFF);
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        CHECK(r.memory.read16(0x1000) == 0xA000);
        std::uint32_t words = 0;
        for (const auto& t : r.own())
            if (t.command != pci::command::memory_write) words += t.words;
        CHECK(words == 2 + dwords);
        CHECK(r.metric("microcode_loads") == 1);
        r.transmit_block(0x1000, rig::payload(100));
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        CHECK(r.cable.sent.size() == 1);
    }
}

TEST_CASE("PORT dump: the dump and its completion word without interrupt or command") {
    fresh_kernel k;
    rig r;
    const auto c = rig::usual();
    r.configure(c);
    fill_memory(r, 0x3000, dump_bytes + 8);
    r.write(port, 4, 0x3000 | 3);
    r.run_until_idle();
    check_dump(r, 0x3000, c);
    CHECK(r.memory.read32(0x3000 + dump_bytes) == 0xA006);
    CHECK(r.memory.read32(0x3000 + dump_bytes + 4) == 0xEEEEEEEE);
    CHECK(r.stat() == 0);
    CHECK(r.metric("refused_port") == 0);
}

TEST_CASE("PORT self-test: signature and result come after its time and the device is fully reset") {
    fresh_kernel k;
    nic::nic_config c;
    c.self_test = 50 * microsecond;
    rig r(c);
    r.configure(rig::usual());
    r.scb(6, 0, 0x20000);
    r.memory.write32(0x3010, 0);
    r.memory.write32(0x3014, 0xFFFFFFFF);
    r.write(port, 4, 0x3010 | 1);
    const ps asked = r.log.log.back().last;
    r.write(0x02, 1, 0x10);                           // refused: it is busy with itself
    CHECK(r.metric("refused_scb") == 1);
    r.run_until_idle();
    CHECK(r.memory.read32(0x3010) != 0);
    CHECK(r.memory.read32(0x3014) == 0);
    CHECK(r.own().back().request >= asked + c.self_test);
    CHECK(r.own().back().request < asked + c.self_test + microsecond);
    CHECK(r.stat() == 0);
    CHECK_FALSE(r.interrupt);
    r.run(10 * r.period());
    r.transmit_block(0x1000, rig::payload(100));      // at base 0 again, and not configured
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.memory.read16(0x1000) == 0x8000);
    CHECK(r.cable.sent.empty());
}

TEST_CASE("PORT self-test: a reset ends it") {
    fresh_kernel k;
    rig r;
    r.memory.write32(0x3010, 0);
    r.write(port, 4, 0x3010 | 1);
    r.run(microsecond);
    r.write(port, 4, 0);
    r.run(microsecond);
    r.configure(rig::usual());
    r.run_until_idle();
    CHECK(r.memory.read16(0x100) == 0xA000);
    CHECK(r.memory.read32(0x3010) == 0);
}

TEST_CASE("PORT: functions that are not there are refused") {
    fresh_kernel k;
    rig r;
    for (unsigned f = 4; f < 16; ++f) {
        r.write(port, 4, 0x3000 | f);
        CHECK(r.metric("refused_port") == f - 3);
    }
    CHECK(r.memory.read32(0x3000) == 0);
}

TEST_CASE("PORT dump: a second one while the first is on its way is refused and counted and leaves memory as it is") {
    fresh_kernel k;
    rig r;
    r.access(pci::command::configuration_write, 0x04, 2, 0x13);      // no bus mastering: it waits
    r.write(0x08, 4, 0x4003);
    r.write(0x08, 4, 0x6003);
    CHECK(r.metric("refused_port") == 1);
    r.access(pci::command::configuration_write, 0x04, 2, 0x17);
    r.run_until_idle();
    const auto written = [&](std::uint32_t from) {
        for (std::uint32_t at = from; at < from + 600; at += 4)
            if (r.memory.read32(at)) return true;
        return false;
    };
    CHECK(written(0x4000));
    CHECK_FALSE(written(0x6000));
}
