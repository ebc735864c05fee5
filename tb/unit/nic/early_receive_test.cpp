// The early receive interrupt and the Rx DMA byte count (docs/decisions/0031).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000;
enum { er = 0x02, fr = 0x40, er_mask = 0x08 };
enum { threshold = 0x18, dma_count = 0x14 };

struct early_rig : rig {
    explicit early_rig(unsigned units) {
        configure(usual());
        write(0x18, 1, units);
        ring(at, 3);
        scb(0, 1, at);
        run_until_idle();
    }
};

}  // namespace

TEST_CASE("register 18h: holds the threshold and is 0 after each reset") {
    for (const unsigned function : {0u, 2u}) {
        fresh_kernel k;
        early_rig r(8);
        CHECK(r.read(threshold, 1) == 8);
        r.write(threshold, 1, 0xFF);
        CHECK(r.read(threshold, 1) == 0xFF);
        CHECK(r.metric("refused_register") == 0);
        r.write(0x08, 4, function);
        r.run(microsecond);
        CHECK(r.read(threshold, 1) == 0);
        if (function) {
            r.scb(0, 1, at);
            r.arrive(rig::payload(1000));
            r.run_until_idle();
            CHECK(r.stat() == fr);
        }
    }
}

TEST_CASE("early receive: the cause comes with the burst that brings so many bytes and FR with the end") {
    fresh_kernel k;
    early_rig r(16);                                     // 128 bytes
    r.log.log.clear();
    r.arrive(rig::payload(1000));
    while (!r.interrupt) r.run(r.period());
    const ps told = r.interrupt_at;
    CHECK(r.stat() == er);
    std::uint32_t words = 0;
    ps end = 0;
    for (const tenure_record& t : r.own())
        if (t.command == pci::command::memory_write && words < 32) words += t.words, end = t.idle - r.period();
    CHECK(words >= 32);
    CHECK(told == end);                                  // the edge at which a status would be told
    CHECK(r.memory.read16(at) == 0);                     // the descriptor is not complete
    CHECK(std::equal(r.memory.at(at + 16), r.memory.at(at + 16 + 128), rig::payload(1000).begin()));
    r.ack(er);
    CHECK_FALSE(r.interrupt);
    r.run_until_idle();
    CHECK(r.stat() == fr);                               // once a frame
    CHECK(r.interrupt);
}

TEST_CASE("early receive: off and beyond the frame there is none and each frame has its own") {
    for (const unsigned units : {0u, 12u, 13u, 255u}) {      // 96 bytes are the frame's, 104 are not
        fresh_kernel k;
        early_rig r(units);
        for (int i = 0; i < 2; ++i) {
            r.arrive(rig::payload(96));
            r.run_until_idle();
            INFO(units);
            CHECK(r.stat() == (units == 12 ? er | fr : unsigned{fr}));
            r.ack(0xFF);
        }
    }
}

TEST_CASE("early receive: its mask holds the pin back and not the cause") {
    fresh_kernel k;
    early_rig r(12);
    r.write(0x03, 1, er_mask | 0x40);
    r.arrive(rig::payload(96));
    r.run_until_idle();
    CHECK(r.stat() == (er | fr));
    CHECK_FALSE(r.interrupt);
    r.write(0x03, 1, 0x40);
    CHECK(r.interrupt);
    r.ack(er);
    CHECK_FALSE(r.interrupt);
    CHECK(r.stat() == fr);
}

TEST_CASE("Rx DMA byte count: bytes of the present frame in memory in steps of 8 and 0 between frames") {
    fresh_kernel k;
    early_rig r(0);
    CHECK(r.read(dma_count, 4) == 0);
    r.write(dma_count, 4, 0xFFFFFFFF);
    CHECK(r.read(dma_count, 4) == 0);
    r.arrive(rig::payload(1514));
    unsigned last = 0, rises = 0;
    for (int i = 0; i < 50; ++i) {
        r.run(2 * microsecond);
        const unsigned n = r.read(dma_count, 4);
        CHECK(n % 8 == 0);
        CHECK(n >= last);
        rises += n > last;
        // No more than what has come, less the strip line, no less than the bursts before.
        CHECK(n <= 1514);
        last = n;
    }
    CHECK(rises >= 20);
    CHECK(r.read(dma_count, 2) == last);
    CHECK((r.read(dma_count + 1, 1) << 8 | r.read(dma_count, 1)) >= last);
    r.run_until_idle();
    CHECK(r.read(dma_count, 4) == 0);
}
