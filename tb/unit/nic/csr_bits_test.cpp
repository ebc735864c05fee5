// The control/status registers byte by byte (SDM 6.3): what can be written, what it does, what reads back; by every width and by both
// windows. Registers of the EEPROM, the PHY, flow control, power management and CardBus have tests of their own.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000, block = 0x1000;

unsigned by(rig& r, bool io, unsigned offset, unsigned size) {
    return r.access(io ? pci::command::io_read : pci::command::memory_read, (io ? rig::io : rig::csr) + offset, size, 0);
}
void put(rig& r, bool io, unsigned offset, unsigned size, std::uint32_t v) {
    r.access(io ? pci::command::io_write : pci::command::memory_write, (io ? rig::io : rig::csr) + offset, size, v);
}

}  // namespace

TEST_CASE("register 00h: writes have no effect") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.ring(at, 2);
    r.scb(0, 1, at);
    r.run_until_idle();
    for (const unsigned v : {0u, 0xFFu}) {
        r.write(0x00, 1, v);
        CHECK(r.read(0x00, 1) == 0x10);                  // command unit idle, receive unit ready
        CHECK(r.metric("refused_register") == 0);
    }
}

TEST_CASE("register 00h: each state of both units has its code") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    CHECK(r.read(0x00, 1) == 0x00);
    r.block(block, 0x4000, 0);
    r.scb(1, 0, block);
    r.run_until_idle();
    CHECK(r.read(0x00, 1) == 0x40);                      // suspended
    r.memory.busy = true;                                // every DMA is retried
    r.scb(1, 0, block);
    CHECK(r.read(0x00, 1) == 0x80);                      // active
    r.memory.busy = false;
    r.run_until_idle();
    r.descriptor(at, 0x4000, 0);
    r.scb(0, 1, at);
    r.run_until_idle();
    CHECK(r.read(0x00, 1) == 0x50);                      // ready
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.read(0x00, 1) == 0x44);                      // suspended
    r.descriptor(at, 0x8000, 0);
    r.scb(0, 1, at);
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.read(0x00, 1) == 0x48);                      // no resources
    r.scb(0, 4);
    CHECK(r.read(0x00, 1) == 0x40);                      // idle
}

TEST_CASE("register 02h: reads as written until accepted and bit 3 is not there") {
    for (const bool io : {false, true}) {
        fresh_kernel k;
        nic::nic_config n;
        n.cu_accept = 100;
        n.ru_accept = 200;
        rig r(n);
        put(r, io, 0x02, 1, 0x08);
        CHECK(by(r, io, 0x02, 1) == 0);
        CHECK(r.metric("refused_scb") == 0);
        put(r, io, 0x02, 1, 0x6E);                       // both bases, and bit 3
        CHECK(by(r, io, 0x02, 1) == 0x66);
        r.run(100 * r.period());
        CHECK(by(r, io, 0x02, 1) == 0x06);
        r.run(100 * r.period());
        CHECK(by(r, io, 0x02, 1) == 0);
        CHECK(r.metric("refused_scb") == 0);
    }
}

TEST_CASE("register 02h: each command that is not there is refused and counted") {
    for (unsigned c = 0; c < 16; ++c) {
        fresh_kernel k;
        rig r;
        r.block(block, 0x8000, 0);
        r.scb(c, 0, block);
        r.run_until_idle();
        const bool there = c <= 7 && c != 2 && c != 3;   // resumes are refused in the idle state, the high-priority queue is not there
        INFO("CUC " << c);
        CHECK(r.metric("refused_scb") == !there);
    }
    for (unsigned c = 0; c < 8; ++c) {
        fresh_kernel k;
        rig r;
        r.descriptor(at, 0, at);
        r.scb(0, c, 0x40);
        r.run_until_idle();
        const bool there = c == 0 || c == 1 || c == 4 || c == 5 || c == 6;        // the others need a unit that waits for them
        INFO("RUC " << c);
        CHECK(r.metric("refused_scb") == !there);
    }
}

TEST_CASE("register 03h: masks and M read back bit by bit and SI does not") {
    fresh_kernel k;
    rig r;
    for (unsigned bit = 0; bit < 8; ++bit) {
        r.write(0x03, 1, 1u << bit);
        INFO(bit);
        CHECK(r.read(0x03, 1) == (bit == 1 ? 0 : 1u << bit));
        CHECK(r.stat() == (bit == 0 ? 0u : bit == 1 ? 4u : 0u));
        r.ack(0xFF);
    }
}

TEST_CASE("register 04h: every bit of the pointer reads back by bytes and words and dwords in both windows") {
    for (const bool io : {false, true}) {
        fresh_kernel k;
        rig r;
        for (unsigned bit = 0; bit < 32; ++bit) {
            put(r, io, 0x04, 4, 1u << bit);
            CHECK(by(r, !io, 0x04, 4) == 1u << bit);
        }
        put(r, io, 0x04, 4, 0);
        for (unsigned b = 0; b < 4; ++b) put(r, io, 0x04 + b, 1, 0x11 * (b + 1));
        CHECK(by(r, io, 0x04, 4) == 0x44332211);
        put(r, io, 0x04, 2, 0xBEEF);
        CHECK(by(r, io, 0x04, 4) == 0x4433BEEF);
        put(r, io, 0x06, 2, 0xDEAD);
        CHECK(by(r, io, 0x04, 4) == 0xDEADBEEF);
        for (unsigned b = 0; b < 4; ++b) CHECK(by(r, io, 0x04 + b, 1) == (0xDEADBEEF >> 8 * b & 0xFF));
        CHECK(by(r, io, 0x05, 2) == 0xADBE);
        r.write(0x08, 4, 0);
        r.run(microsecond);
        CHECK(by(r, io, 0x04, 4) == 0);
    }
}

TEST_CASE("register 08h: acts with its highest byte and reads back what was written") {
    for (const bool io : {false, true}) {
        fresh_kernel k;
        rig r;
        r.write(0x04, 4, 0x12345678);
        for (unsigned b = 0; b < 3; ++b) put(r, io, 0x08 + b, 1, b ? 0x20 + b : 0);
        CHECK(by(r, io, 0x08, 4) == 0x00222100);
        CHECK(r.read(0x04, 4) == 0x12345678);            // nothing happened
        put(r, io, 0x0B, 1, 0);
        r.run(microsecond);
        CHECK(r.read(0x04, 4) == 0);                     // now it did: software reset
        CHECK(by(r, io, 0x08, 4) == 0);
    }
}

TEST_CASE("register 08h: each function that is not there is refused and counted") {
    for (unsigned f = 4; f < 16; ++f) {
        // 7: dump wake-up packet
        fresh_kernel k;
        rig r;
        r.write(0x04, 4, 0x12345678);
        r.write(0x08, 4, 0x4000 | f);
        r.run_until_idle();
        INFO(f);
        CHECK(r.metric("refused_port") == 1);
        CHECK(r.read(0x04, 4) == 0x12345678);
    }
}

TEST_CASE("register 0Eh: three pins read back and the rest is read only") {
    fresh_kernel k;
    rig r;
    for (const unsigned pins : {0u, 1u, 2u, 4u, 6u, 7u, 0u}) {
        const unsigned out = r.read(0x0E, 1) & 8;
        r.write(0x0E, 2, 0xFFF0 | pins | (out ^ 8));
        CHECK((r.read(0x0E, 2) & 0xFFF7) == pins);
        r.run(2 * microsecond);
    }
    CHECK(r.metric("refused_register") == 0);
}

TEST_CASE("registers 14h to 17h and 1Dh: writes have no effect and are not counted") {
    fresh_kernel k;
    rig r;
    for (const unsigned offset : {0x14u, 0x15u, 0x16u, 0x17u, 0x1Du}) {
        const unsigned before = r.read(offset, 1);
        r.write(offset, 1, 0xFF);
        r.write(offset, 1, 0x00);
        INFO(offset);
        CHECK(r.read(offset, 1) == before);
        CHECK(r.metric("refused_register") == 0);
    }
}

TEST_CASE("register 18h: every bit reads back") {
    fresh_kernel k;
    rig r;
    for (unsigned bit = 0; bit < 8; ++bit) {
        r.write(0x18, 1, 1u << bit);
        CHECK(r.read(0x18, 1) == 1u << bit);
    }
    CHECK(r.metric("refused_register") == 0);
}

TEST_CASE("registers beyond the map: read 0 in the memory window and their writes are counted") {
    fresh_kernel k;
    rig r;
    unsigned n = 0;
    for (const unsigned offset : {0x40u, 0x7Fu, 0x100u, 0xFFCu, 0xFFFu}) {
        r.write(offset, 1, 0xFF);
        CHECK(r.read(offset, 1) == 0);
        CHECK(r.metric("refused_register") == ++n);
    }
}

TEST_CASE("registers: a command in the same write as its pointer sees the pointer") {
    fresh_kernel k;
    rig r;
    r.block(0x1200, 0x8000, 0);
    r.write(0x04, 4, 0xFFFF1200);
    r.write(0x04, 4, 0x00001200);
    r.write(0x00, 4, 0x00100000);                        // byte 02h of a dword: status and mask bytes are written with it
    r.wait_accepted();
    r.run_until_idle();
    CHECK(r.memory.read16(0x1200) == 0xA000);
}
