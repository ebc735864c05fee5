// Command unit: what docs/nic-transitions.md lists beyond the plain cases of command_unit_test.cpp.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

enum { idle = 0, suspended = 1, active = 2 };
enum { cx = 0x80, fr = 0x40, cna = 0x20 };
enum { start = 1, resume = 2, static_resume = 10 };
constexpr unsigned el = 0x8000, s = 0x4000, i_bit = 0x2000, nop = 0, transmit = 4;
constexpr unsigned cid(unsigned n) { return n << 8; }

struct suspended_rig : rig {
    explicit suspended_rig(nic::nic_config c = {}) : rig(c) {
        block(0x1000, s | nop, 0x1100);
        block(0x1100, el | nop, 0);
        block(0x2000, el | nop, 0);
        scb(start, 0, 0x1000);
        run_until_idle();
        ack(0xFF);
    }
    // Two commands as close as the bus and the acceptance of the first allow.
    void two(unsigned first, unsigned second, std::uint32_t pointer) {
        write(0x04, 4, pointer);
        std::uint8_t b[2] = {static_cast<std::uint8_t>(first << 4), static_cast<std::uint8_t>(second << 4)};
        pci::transfer t[2];
        for (unsigned i = 0; i < 2; ++i) {
            t[i].address = csr + 0x02;
            t[i].bytes = 1;
            t[i].data = &b[i];
            t[i].command = pci::command::memory_write;
            host.submit(t[i], sim::now());
        }
        run_until_idle();
    }
};

// In the middle of a block with S: its frame waits for room in the FIFO, two others are before it.
struct active_rig : rig {
    static constexpr std::uint32_t last = 0x4000;
    active_rig() {
        configure(usual());
        for (std::uint32_t b = 0x2000; b <= last; b += 0x1000) transmit_block(b, payload(1514), b == last ? s | transmit : transmit, b + 0x1000);
        block(0x5000, el | nop, 0);
        scb(start, 0, 0x2000);
        run(60 * microsecond);
        REQUIRE(cus() == active);
        REQUIRE(memory.read16(last) == 0);
    }
};

// A list that ends with a held back CNA; what INTA# does is seen in interrupt_at.
struct held_rig : rig {
    ps ended = 0;                            // status of the last block
    explicit held_rig(unsigned delay, nic::nic_config c = {}) : rig(c) {
        configure(usual());
        ring(0x10000, 4);
        scb(0, 1, 0x10000);
        run_until_idle();
        ack(0xFF);
        log.log.clear();
        transmit_block(0x1000, payload(60), el | transmit | cid(delay));
        write(0x04, 4, 0x1000);
        write(0x02, 1, start << 4);
        run(6 * microsecond);
        for (const tenure_record& t : own())
            if (t.command == pci::command::memory_write) ended = t.last;
        REQUIRE(ended > 0);
        REQUIRE(cus() == idle);
    }
};

}  // namespace

TEST_CASE("CU idle: static resume is refused") {
    fresh_kernel k;
    rig r;
    r.scb(static_resume, 0);
    r.run_until_idle();
    CHECK(r.cus() == idle);
    CHECK(r.metric("refused_scb") == 1);
    CHECK(r.own().empty());
}

TEST_CASE("CU suspended: static resume goes on at the saved link if S is clear and stays if not") {
    for (const bool clear : {true, false}) {
        fresh_kernel k;
        suspended_rig r;
        if (clear) r.memory.write32(0x1000, 0);
        r.scb(static_resume, 0);
        r.run_until_idle();
        CHECK(r.cus() == (clear ? idle : suspended));
        CHECK(r.memory.read16(0x1100) == (clear ? 0xA000 : 0));
        CHECK(r.stat() == (clear ? cna : 0));
    }
}

TEST_CASE("CU active: start and static resume and load base are refused") {
    for (const unsigned command : {unsigned{start}, unsigned{static_resume}, 6u}) {
        fresh_kernel k;
        active_rig r;
        r.write(0x02, 1, command << 4);
        r.run_until_idle();
        CHECK(r.metric("refused_scb") == 1);
        CHECK(r.cus() == suspended);
        CHECK(r.memory.read16(0x5000) == 0);
    }
}

TEST_CASE("CU active: a resume with S clear at the block's end goes on") {
    fresh_kernel k;
    active_rig r;
    r.memory.write32(r.last, transmit << 16);
    r.write(0x02, 1, resume << 4);
    r.run_until_idle();
    CHECK(r.metric("refused_scb") == 0);
    CHECK(r.memory.read16(0x5000) == 0xA000);
    CHECK(r.cus() == idle);
    CHECK(r.metric("interrupts") == 2);                      // Configure's, and at the end
}

TEST_CASE("CU active: a resume with S still set at the block's end suspends with CNA") {
    fresh_kernel k;
    active_rig r;
    r.log.log.clear();
    r.write(0x02, 1, resume << 4);
    r.run_until_idle();
    CHECK(r.cus() == suspended);
    CHECK(r.stat() == cna);
    CHECK(r.memory.read16(0x5000) == 0);
    const auto own = r.own();
    REQUIRE(own.size() >= 2);
    CHECK(own.back().command == pci::command::memory_read);  // the second look
    CHECK(own.back().address == r.last);
}

TEST_CASE("CU suspended: a start while a resume looks at the S bit goes to the given block") {
    // The longer the acceptance, the more of the second command falls into the look that the first orders.
    unsigned taken = 0;
    for (unsigned accept = 1; accept < 14; ++accept) {
        fresh_kernel k;
        nic::nic_config c;
        c.cu_accept = accept;
        suspended_rig r(c);
        r.memory.first_wait = 14;
        r.memory.write32(0x1000, 0);                         // the resume alone would go on at 1100h
        r.two(resume, start, 0x2000);
        if (r.metric("refused_scb")) continue;               // the first was not accepted yet
        ++taken;
        INFO(accept);
        CHECK(r.memory.read16(0x2000) == 0xA000);
        CHECK(r.memory.read16(0x1100) == 0);
        CHECK(r.cus() == idle);
    }
    CHECK(taken >= 3);
}

TEST_CASE("CU suspended: a resume while a resume looks at the S bit makes it look again") {
    unsigned taken = 0;
    for (unsigned accept = 1; accept < 14; ++accept) {
        fresh_kernel k;
        nic::nic_config c;
        c.cu_accept = accept;
        suspended_rig r(c);
        r.memory.first_wait = 14;
        r.log.log.clear();
        r.two(resume, resume, 0);
        if (r.metric("refused_scb")) continue;
        ++taken;
        INFO(accept);
        CHECK(r.own().size() == 2);
        CHECK(r.cus() == suspended);
        CHECK(r.stat() == 0);
    }
    CHECK(taken >= 3);
}

TEST_CASE("CU: I requests CX whether the block goes on suspends or ends") {
    for (const unsigned how : {0u, s, el, el | s}) {
        fresh_kernel k;
        rig r;
        r.block(0x1000, how | i_bit | nop, 0x1100);
        r.block(0x1100, el | nop, 0);
        r.scb(start, 0, 0x1000);
        r.run_until_idle();
        CHECK(r.stat() == (cx | cna));
        CHECK(r.cus() == (how == s ? suspended : idle));
    }
}

TEST_CASE("CU: a transmit block is complete when its last data are in the FIFO and not when they are sent") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.transmit_block(0x1000, rig::payload(1514));
    r.scb(start, 0, 0x1000);
    r.run(20 * microsecond);
    CHECK(r.memory.read16(0x1000) == 0xA000);
    CHECK(r.cus() == idle);
    CHECK(r.cable.sent.empty());
    r.run_until_idle();
    CHECK(r.cable.sent.size() == 1);
}

TEST_CASE("CID: CNA comes its units of clocks after the block and CX does not wait") {
    for (const unsigned n : {0u, 1u, 31u})
        for (const unsigned unit : {256u, 300u}) {
            fresh_kernel k;
            nic::nic_config c;
            c.cid_unit = unit;
            rig r(c);
            r.configure(rig::usual());
            r.log.log.clear();
            r.transmit_block(0x1000, rig::payload(60), el | i_bit | transmit | cid(n));
            r.scb(start, 0, 0x1000);
            r.run(6 * microsecond);
            REQUIRE(r.cus() == idle);
            const ps ended = r.own().back().last;
            CHECK(r.stat() == (n ? cx : cx | cna));
            CHECK(r.interrupt_at == ended);
            r.ack(cx);
            r.run_until_idle();
            CHECK(r.stat() == cna);
            CHECK(r.interrupt);
            if (n) CHECK(r.interrupt_at == ended + n * unit * r.period());
        }
}

TEST_CASE("CID: the next FR brings CNA along") {
    fresh_kernel k;
    held_rig r(31);
    r.arrive(rig::payload(60));
    r.run(12 * microsecond);
    CHECK(r.stat() == (fr | cna));
    r.ack(0xFF);
    r.run_until_idle();
    CHECK(r.stat() == 0);                    // once
}

TEST_CASE("CID: a start before its end drops CNA") {
    fresh_kernel k;
    held_rig r(2);
    r.block(0x3000, s | nop, 0);
    r.transmit_block(0x2000, rig::payload(60), s | transmit | cid(31), 0x3000);
    r.scb(start, 0, 0x2000);
    r.run(60 * microsecond);                 // past the first, before the second
    CHECK(r.stat() == 0);
    r.run_until_idle();
    CHECK(r.stat() == cna);
    CHECK(r.metric("interrupts") == 2);      // Configure's and this
}

TEST_CASE("CID: a resume before its end drops CNA") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.transmit_block(0x1000, rig::payload(60), s | transmit | cid(2), 0x2000);
    r.scb(start, 0, 0x1000);
    r.run(6 * microsecond);
    REQUIRE(r.cus() == suspended);
    r.scb(resume, 0);                        // S is still set: nothing but the look
    r.run_until_idle();
    CHECK(r.cus() == suspended);
    CHECK(r.stat() == 0);
}

TEST_CASE("CID: each transmit block sets it anew and other blocks leave it") {
    struct row { unsigned second; bool at_once; };
    for (const row& w : {row{transmit, true}, row{nop, false}}) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        r.transmit_block(0x1000, rig::payload(60), transmit | cid(4), 0x2000);
        r.transmit_block(0x2000, rig::payload(60), el | w.second);
        r.scb(start, 0, 0x1000);
        r.run(12 * microsecond);
        CHECK(r.cus() == idle);
        CHECK(r.stat() == (w.at_once ? cna : 0));
        r.run_until_idle();
        CHECK(r.stat() == cna);
    }
}

TEST_CASE("CID: in CI mode suspending holds nothing and a reset drops what is held") {
    fresh_kernel k;
    rig r;
    auto c = rig::usual();
    c[6] |= 0x08;
    r.configure(c);
    r.transmit_block(0x1000, rig::payload(60), s | transmit | cid(1));
    r.scb(start, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.stat() == 0);
    r.transmit_block(0x1000, rig::payload(60), el | transmit | cid(1));
    r.scb(start, 0, 0x1000);
    r.run(6 * microsecond);
    REQUIRE(r.cus() == idle);
    r.write(0x08, 4, 2);                     // selective reset
    r.run_until_idle();
    CHECK(r.stat() == 0);
}
