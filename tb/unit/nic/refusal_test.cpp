// What is not there is refused and counted (docs/decisions/0023), and the MDI register takes its time (0025).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t mdi = 0x10, ready = 0x10000000, interrupt_enable = 0x20000000, read_op = 2u << 26, write_op = 1u << 26;
constexpr std::uint32_t phy(unsigned address, unsigned number) { return address << 21 | number << 16; }

std::uint16_t configured(rig& r, const std::vector<std::uint8_t>& b) {
    r.configure(b);
    return r.memory.read16(0x100);
}

}  // namespace

TEST_CASE("Configure: a field that is not there stays off and the block completes without OK") {
    struct row { unsigned byte, value; const char* what; };
    for (const row& w : {row{1, 0x18, "transmit FIFO limit"}, row{2, 1, "adaptive gap"}, row{5, 0x80, "DMA limits"}, row{7, 0x63, "82550 descriptors"},
                         row{8, 0x81, "CSMA disable"}, row{9, 1, "checksum word"}, row{9, 0x20, "wake-up"}, row{10, 0x6E, "loopback"},
                         row{10, 0x0E, "preamble of one octet"}, row{15, 0x4C, "wait after win"}, row{15, 0x68, "CRC16"},
                         row{18, 0xF3, "stripping"}, row{18, 0xA2, "priority flow control"}, row{19, 0x81, "wake-up by address"}, row{19, 0x88, "flow control"},
                         }) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[w.byte] = static_cast<std::uint8_t>(w.value);
        c[18] |= 0x08;                       // long frames: a field that is there
        INFO(w.what);
        CHECK(configured(r, c) == 0x8000);
        CHECK(r.metric("refused_configuration") == 1);
        // The rest of it is in force.
        r.ring(0x10000, 2, 2000);
        r.scb(0, 1, 0x10000);
        r.arrive(rig::payload(1600));
        r.run_until_idle();
        CHECK(r.memory.read16(0x10000) == 0xA020);
        CHECK(configured(r, rig::usual()) == 0xA000);
    }
}

TEST_CASE("Configure: bytes beyond the 82559 map are refused and all allowed values are not") {
    fresh_kernel k;
    rig r;
    auto c = rig::usual();
    c[0] = 0x20;
    c.resize(32, 0);
    CHECK(configured(r, c) == 0x8000);
    CHECK(r.metric("refused_configuration") == 1);
    c = rig::usual();
    for (const unsigned v : {0u, 15u}) {
        c[1] = static_cast<std::uint8_t>(v);
        c[3] = c[4] = 0x0F;
        c[6] = 0xFE;
        c[7] = 0x47;
        CHECK(configured(r, c) == 0xA000);
    }
    CHECK(r.metric("refused_configuration") == 1);
}

TEST_CASE("type enable: bit 5 tells type from length only if it is set") {
    struct row { unsigned byte3; unsigned field; unsigned status; };
    for (const row& w : {row{2, 0x0800, 0xA020}, row{2, 1500, 0xA000}, row{2, 1501, 0xA020}, row{2, 0, 0xA000}, row{0, 0x0800, 0xA000}, row{0, 40, 0xA000}}) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[3] = static_cast<std::uint8_t>(w.byte3);
        r.configure(c);
        r.ring(0x10000, 2);
        r.scb(0, 1, 0x10000);
        bytes d = rig::payload(60);
        d[12] = static_cast<std::uint8_t>(w.field >> 8);
        d[13] = static_cast<std::uint8_t>(w.field);
        r.arrive(d);
        r.run_until_idle();
        CHECK(r.memory.read16(0x10000) == w.status);
    }
}

TEST_CASE("registers: a write to what is not there counts once for each register whatever it writes") {
    struct row { unsigned offset, size; std::uint32_t value; unsigned counts; };
    for (const row& w : {row{0x0C, 2, 0, 1}, row{0x0E, 2, 0x4802, 0}, row{0x0C, 4, 0, 1}, row{0x18, 1, 0, 1}, row{0x18, 4, 0, 4}, row{0x1C, 1, 0, 1}, row{0x20, 4, 0, 1},
                         row{0x30, 4, 1, 1}, row{0x40, 4, 0, 1}, row{0x04, 4, 0, 0}, row{0x00, 2, 0, 0}, row{0x14, 4, 0, 0}}) {
        fresh_kernel k;
        rig r;
        r.write(w.offset, w.size, w.value);
        INFO(w.offset << ' ' << w.size);
        CHECK(r.metric("refused_register") == w.counts);
    }
}

TEST_CASE("MDI: a read is ready after the time of its frame and tells by interrupt if asked") {
    for (const bool interrupt : {false, true}) {
        fresh_kernel k;
        rig r;
        CHECK(r.read(mdi, 4) == ready);
        r.log.log.clear();
        r.write(mdi, 4, read_op | phy(1, 1) | (interrupt ? interrupt_enable : 0));
        const ps written = r.log.log[0].first;
        CHECK((r.read(mdi, 4) & ready) == 0);
        r.run(written + 25'600'000 - r.period() - sim::now());
        CHECK((r.read(mdi, 4) & 0x1000FFFF) == 0x1000782D);
        CHECK(r.stat() == (interrupt ? 0x08 : 0));
        if (interrupt) CHECK(r.interrupt_at == written + 25'600'000);
        CHECK(r.metric("refused_register") == 0);
    }
}

TEST_CASE("MDI: the PHY's registers") {
    struct row { unsigned number, up, slow, down; };
    for (const row& w : {row{0, 0x3000, 0x3000, 0x3000}, row{1, 0x782D, 0x782D, 0x7809}, row{2, 0x02A8, 0x02A8, 0x02A8}, row{3, 0x0154, 0x0154, 0x0154},
                         row{4, 0x05E1, 0x05E1, 0x05E1}, row{5, 0x41E1, 0x41E1, 0}, row{16, 3, 1, 0}})
        for (unsigned how = 0; how < 3; ++how) {
            fresh_kernel k;
            rig r;
            r.cable.rate = how == 1 ? 10'000'000 : 100'000'000;
            r.cable.up = how < 2;
            r.write(mdi, 4, read_op | phy(1, w.number));
            r.run_until_idle();
            INFO(w.number << ' ' << how);
            CHECK((r.read(mdi, 4) & 0xFFFF) == (how == 0 ? w.up : how == 1 ? w.slow : w.down));
            CHECK(r.metric("refused_register") == 0);
        }
}

TEST_CASE("MDI: writes and unknown registers and a second cycle are refused and another PHY answers ones") {
    fresh_kernel k;
    rig r;
    const auto cycle = [&](std::uint32_t w) {
        r.write(mdi, 4, w);
        r.run_until_idle();
        return r.read(mdi, 4);
    };
    CHECK((cycle(write_op | phy(1, 0) | 0x8000) & (ready | 0xFFFF)) == (ready | 0x8000));
    CHECK(r.metric("refused_register") == 1);
    CHECK((cycle(read_op | phy(1, 0)) & 0xFFFF) == 0x3000);          // nothing was written
    CHECK((cycle(read_op | phy(1, 27)) & 0xFFFF) == 0);
    CHECK(r.metric("refused_register") == 2);
    CHECK((cycle(read_op | phy(3, 1)) & 0xFFFF) == 0xFFFF);
    CHECK(r.metric("refused_register") == 2);
    r.write(mdi, 4, read_op | phy(1, 2));
    r.write(mdi, 4, read_op | phy(1, 3));                            // too early
    r.run_until_idle();
    CHECK((r.read(mdi, 4) & 0xFFFF) == 0x02A8);
    CHECK(r.metric("refused_register") == 3);
    r.write(mdi, 4, interrupt_enable | read_op | phy(1, 2));
    r.write(0x08, 4, 0);                                             // a reset ends the cycle
    r.run_until_idle();
    CHECK(r.read(mdi, 4) == ready);
    CHECK(r.stat() == 0);
}
