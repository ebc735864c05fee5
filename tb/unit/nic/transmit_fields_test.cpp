// Fields of transmit blocks and the Configure bits that pace frames, each at its limits (SDM 6.4.2.3, 6.4.2.5).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

void start(rig& r) {
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
}
// Buffers of 64 bytes from 4000h on; `last` of them has EL.
void buffers(rig& r, std::uint32_t at, unsigned count, unsigned last, unsigned reserved_bits = 0) {
    for (unsigned i = 0; i < count; ++i) {
        r.memory.write32(at + 8 * i, 0x4000 + 64 * i);
        r.memory.write32(at + 8 * i + 4, 64 | reserved_bits | (i == last ? 1u << 16 : 0));
    }
}

}  // namespace

TEST_CASE("transmit: the gap is 16 bit times a unit of Configure byte 12") {
    for (const unsigned gap : {1u, 6u, 10u, 15u}) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[12] = static_cast<std::uint8_t>(gap << 4);
        r.configure(c);
        r.transmit_block(0x1000, rig::payload(300), 4, 0x2000);
        r.transmit_block(0x2000, rig::payload(300));
        start(r);
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(r.cable.sent[1].octets.first() - r.cable.sent[0].octets.last() == (1 + 2 * gap) * 80'000);
    }
}

TEST_CASE("transmit: a second frame is fetched while one is sent only if Configure byte 7 bit 6 is set") {
    for (const bool two : {false, true}) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[7] = two ? 0x43 : 0x03;
        r.configure(c);
        r.transmit_block(0x1000, rig::payload(300), 4, 0x2000);
        r.transmit_block(0x2000, rig::payload(300));
        r.log.log.clear();
        start(r);
        REQUIRE(r.cable.sent.size() == 2);
        unsigned early = 0;
        for (const tenure_record& t : r.own()) early += t.address == 0x2010 && t.start < r.cable.sent[0].octets.last();
        CHECK(early == (two ? 1 : 0));
    }
}

TEST_CASE("transmit: threshold 0 is the whole frame") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.transmit_block(0x1000, rig::payload(1000), 0x8004, 0, 0);
    start(r);
    ps filled = 0;
    for (const tenure_record& t : r.own())
        if (t.command == pci::command::memory_read_multiple) filled = t.last;
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(r.cable.sent[0].octets.first() == clock_domain(80'000).after(filled, 2));
}

TEST_CASE("transmit: EL ends an array of buffers before its count and bits above a size are not part of it") {
    struct row { const char* name; bool extended; unsigned count, last, octets; };
    for (const row& w : {row{"array", false, 3, 9, 192}, row{"array with EL", false, 3, 1, 128}, row{"embedded", true, 2, 9, 128}, row{"embedded with EL", true, 2, 0, 64},
                         row{"embedded and array", true, 4, 9, 256}, row{"embedded and array with EL in the array", true, 4, 2, 192}})
        for (const unsigned reserved : {0u, 0xC000u}) {
            fresh_kernel k;
            rig r;
            auto c = rig::usual();
            c[6] = w.extended ? 0x22 : 0x32;
            r.configure(c);
            const bytes d = rig::payload(w.octets);
            r.memory.poke(0x4000, d.data(), d.size());
            r.block(0x1000, 0x800C, 0);
            r.memory.write32(0x1008, 0x3000);
            r.memory.write32(0x100C, w.count << 24 | 0xE0u << 16);
            // One after the other in memory; an extended block holds the first two.
            buffers(r, w.extended ? 0x2FF0 : 0x3000, w.count, w.last, reserved);
            if (w.extended) r.memory.poke(0x1010, r.memory.at(0x2FF0), 16);
            start(r);
            INFO(w.name);
            REQUIRE(r.cable.sent.size() == 1);
            REQUIRE(r.cable.sent[0].frame->data.size() == w.octets + 4);
            CHECK(std::equal(d.begin(), d.end(), r.cable.sent[0].frame->data.begin()));
            CHECK(r.metric("tx_bytes") == w.octets + 4);
        }
}

TEST_CASE("transmit: EOF and the bit beside it are not part of the byte count") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.transmit_block(0x1000, rig::payload(100));
    r.memory.write16(0x100C, 100 | 0xC000);
    start(r);
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(r.cable.sent[0].frame->data.size() == 104);
}

TEST_CASE("receive: the size of a descriptor is even and has 14 bits") {
    for (const unsigned size : {100u, 101u, 0xC000u | 100u}) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        r.descriptor(0x10000, 0x8000, 0, size);
        r.scb(0, 1, 0x10000);
        r.arrive(rig::payload(200));
        r.run_until_idle();
        CHECK(r.memory.read16(0x1000C) == (0xC000 | 100));
    }
}

TEST_CASE("receive: the actual count has all its 14 bits") {
    fresh_kernel k;
    rig r;
    auto c = rig::usual();
    c[18] |= 0x08;
    r.configure(c);
    r.descriptor(0x10000, 0x8000, 0, 0x3FFE);
    r.scb(0, 1, 0x10000);
    r.arrive(rig::payload(10001));
    r.run_until_idle();
    CHECK(r.memory.read16(0x1000C) == (0xC000 | 10001));
    CHECK(r.memory.read16(0x10000) == 0xA020);
    CHECK(r.metric("rx_bytes") == 10001);
}
