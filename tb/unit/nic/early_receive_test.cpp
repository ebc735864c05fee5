// The early receive interrupt and the receive DMA byte count (SDM 6.3.6 and 6.3.7, docs/decisions/0031).
#include <catch2/catch.hpp>

#include "nic/receive/early_receive.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000;
enum { er = 0x02, fr = 0x40, er_mask = 0x08 };
enum { threshold = 0x18, dma_count = 0x14 };

struct early_rig : rig {
    explicit early_rig(unsigned units, bool types = false, unsigned size = 1520) {
        auto c = usual();
        c[3] = static_cast<std::uint8_t>(types ? 0x02 : 0x00);
        configure(c);
        write(threshold, 1, units);
        for (unsigned n = 0; n < 3; ++n) descriptor(at + n * 0x1000, n == 2 ? 0x8000 : 0, at + (n + 1) * 0x1000, size);
        scb(0, 1, at);
        run_until_idle();
    }
};

// A frame with this Type/Length field, and `inside` where IP and IPX have their length: bytes 17 and 18, counted from 1.
bytes with_field(unsigned field, std::size_t octets, unsigned inside = 0) {
    bytes b = rig::payload(octets);
    b[12] = static_cast<std::uint8_t>(field >> 8), b[13] = static_cast<std::uint8_t>(field);
    b[16] = static_cast<std::uint8_t>(inside >> 8), b[17] = static_cast<std::uint8_t>(inside);
    return b;
}

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

TEST_CASE("early receive: the cause comes with the word that leaves so many bytes before the end by the length field") {
    const bytes d = with_field(986, 1000);
    for (const unsigned units : {1u, 16u, 64u, 120u}) {      // X x 8 bytes before byte 1000
        fresh_kernel k;
        early_rig r(units);
        r.log.log.clear();
        r.arrive(d);
        while (!r.interrupt) r.run(r.period());
        const ps told = r.interrupt_at;
        CHECK(r.stat() == er);
        CHECK(r.memory.read16(at) == 0);                     // the descriptor is not complete
        r.ack(er);
        CHECK((r.stat() & er) == 0);
        r.run_until_idle();
        // The edge behind the word that brings byte 1000 - 8 X, by the bursts on the bus.
        std::uint32_t words = (1000 - 8 * units + 3) / 4;
        ps passes = 0;
        for (const tenure_record& t : r.own()) {
            if (t.command != pci::command::memory_write || t.address < at + 16 || words == 0) continue;
            const std::uint32_t n = std::min(words, t.words);
            passes = t.first + (n - 1) * r.period();         // memory without wait states
            words -= n;
        }
        INFO(units);
        CHECK(words == 0);
        CHECK(told == passes + r.period());
        CHECK(r.stat() == fr);                               // once a frame
        CHECK(std::equal(d.begin(), d.end(), r.memory.at(at + 16)));
    }
}

TEST_CASE("early receive: more bytes than the frame has tell it with its length field") {
    for (const unsigned types : {0u, 1u}) {
        fresh_kernel k;
        early_rig r(255, types);
        r.arrive(types ? with_field(0x0800, 100, 86) : with_field(86, 100));
        r.log.log.clear();
        while (!r.interrupt) r.run(r.period());
        const ps told = r.interrupt_at;
        r.run_until_idle();
        ps first = 0;
        for (const tenure_record& t : r.own())
            if (t.address == at + 16) first = t.first;
        CHECK(told == first + (types ? 5 : 4) * r.period());     // bytes 14 and 18 are in the fourth and the fifth word
        CHECK(r.stat() == (er | fr));
    }
}

TEST_CASE("early receive: a frame without a length has none but those of IP and IPX if Configure 3.1 says so") {
    struct row { const char* name; unsigned field, inside; bool types, told; };
    for (const row& w : {row{"length", 86, 0, false, true}, row{"length with types", 86, 0, true, true}, row{"the longest length", 1500, 0, false, true},
                         row{"no length", 0, 86, true, false}, row{"beyond the longest", 1501, 86, true, false}, row{"ARP", 0x0806, 86, true, false},
                         row{"IP", 0x0800, 86, true, true}, row{"IPX", 0x8137, 86, true, true}, row{"IP without 3.1", 0x0800, 86, false, false},
                         row{"IPX without 3.1", 0x8137, 86, false, false}, row{"IP of no length", 0x0800, 0, true, false},
                         row{"IP beyond the longest", 0x0800, 1501, true, false}}) {
        fresh_kernel k;
        early_rig r(255, w.types);
        INFO(w.name);
        r.arrive(with_field(w.field, w.field == 1500 ? 1514 : 100, w.inside));
        r.run_until_idle();
        CHECK(r.stat() == (w.told ? er | fr : unsigned{fr}));
    }
}

TEST_CASE("early receive: a frame that ends before the field that it needs has none") {
    const bytes length = with_field(2, 100), ip = with_field(0x0800, 100, 30);
    for (unsigned octets = 0; octets <= 20; ++octets) {
        INFO(octets);
        const bytes a(length.begin(), length.begin() + octets), b(ip.begin(), ip.begin() + octets);
        CHECK(nic::early_receive_at(a, 8, true) == (octets < 14 ? UINT32_MAX : 14));
        CHECK(nic::early_receive_at(b, 8, true) == (octets < 18 ? UINT32_MAX : 36));
        CHECK(nic::early_receive_at(b, 8, false) == UINT32_MAX);
    }
}

TEST_CASE("early receive: off there is none and each frame has its own") {
    for (const unsigned units : {0u, 3u}) {
        fresh_kernel k;
        early_rig r(units);
        for (int i = 0; i < 2; ++i) {
            r.arrive(with_field(82, 96));
            r.run_until_idle();
            CHECK(r.stat() == (units ? er | fr : unsigned{fr}));
            r.ack(0xFF);
        }
    }
}

TEST_CASE("early receive: a frame that ends short of what its length promises has none") {
    fresh_kernel k;
    early_rig r(2);
    r.arrive(with_field(400, 300));                          // 300 < 414 - 16
    r.run_until_idle();
    CHECK(r.stat() == fr);
    r.ack(0xFF);
    r.write(threshold, 1, 20);                               // 300 >= 414 - 160
    r.arrive(with_field(400, 300));
    r.run_until_idle();
    CHECK(r.stat() == (er | fr));
}

TEST_CASE("early receive: bytes that find no room in the descriptor never bring it") {
    for (const unsigned units : {10u, 100u}) {               // 1014 - 80 and 1014 - 800, of which 400 have room
        fresh_kernel k;
        early_rig r(units, false, 400);
        r.arrive(with_field(1000, 1014));
        r.run_until_idle();
        CHECK(r.stat() == (units == 100 ? er | fr : unsigned{fr}));
    }
}

TEST_CASE("early receive: a damaged frame tells of itself and is reclaimed and the next has its own") {
    fresh_kernel k;
    early_rig r(4);
    r.arrive(with_field(500, 514), wire::wire_end::bad_fcs);
    r.run_until_idle();
    CHECK(r.stat() == er);
    CHECK(r.memory.read16(at) == 0);
    r.ack(er);
    r.arrive(with_field(500, 514));
    r.run_until_idle();
    CHECK(r.stat() == (er | fr));
    CHECK((r.memory.read16(at) & 0xA000) == 0xA000);
}

TEST_CASE("early receive: an abort under way forgets it") {
    fresh_kernel k;
    early_rig r(4);
    r.arrive(with_field(1000, 1014));
    r.run(60 * microsecond);                                 // some 700 bytes are in memory
    r.scb(0, 4);
    r.run_until_idle();
    CHECK((r.stat() & er) == 0);
    CHECK(r.metric("rx_aborted") == 1);
}

TEST_CASE("early receive: its mask holds the pin back and not the cause") {
    fresh_kernel k;
    early_rig r(12);
    r.write(0x03, 1, er_mask | 0x40);
    r.arrive(with_field(82, 96));
    r.run_until_idle();
    CHECK(r.stat() == (er | fr));
    CHECK_FALSE(r.interrupt);
    r.write(0x03, 1, 0x40);
    CHECK(r.interrupt);
    r.ack(er);
    CHECK_FALSE(r.interrupt);
    CHECK(r.stat() == fr);
}

TEST_CASE("receive DMA byte count: from the size of the present buffer down in steps of 8 and anew with the next") {
    fresh_kernel k;
    early_rig r(0);
    CHECK(r.read(dma_count, 4) == (1520 & 0x7F8));
    r.write(dma_count, 4, 0xFFFFFFFF);
    CHECK(r.read(dma_count, 4) == 1520);
    r.arrive(rig::payload(1514));
    unsigned last = 1520, falls = 0;
    for (int i = 0; i < 50; ++i) {
        r.run(2 * microsecond);
        const unsigned n = r.read(dma_count, 4);
        CHECK(n % 8 == 0);
        CHECK(n <= last);
        falls += n < last;
        last = n;
    }
    CHECK(falls >= 20);
    CHECK(last < 400);
    r.run_until_idle();
    CHECK(r.read(dma_count, 4) == 1520);                     // the next descriptor's
    CHECK(r.read(dma_count + 1, 1) == 1520 >> 8);
    CHECK(r.read(dma_count, 1) == (1520 & 0xFF));
    r.scb(0, 4);
    CHECK(r.read(dma_count, 4) == 0);
}

TEST_CASE("receive DMA byte count: a header has its own") {
    fresh_kernel k;
    early_rig r(0);
    r.scb(0, 4);
    r.scb(0, 5, 64);
    r.descriptor(at, 0x10, at + 0x1000, 800);
    r.scb(0, 1, at);
    r.run_until_idle();
    CHECK(r.read(dma_count, 4) == 64);
    r.arrive(rig::payload(1000));
    r.run(11 * microsecond);                                 // 128 octets have passed, the first 64 of them are in memory
    CHECK(r.read(dma_count, 4) <= 800);
    CHECK(r.read(dma_count, 4) > 700);
}
