// What is not there is refused and counted (docs/decisions/0023).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

std::uint16_t configured(rig& r, const std::vector<std::uint8_t>& b) {
    r.configure(b);
    return r.memory.read16(0x100);
}

}  // namespace

TEST_CASE("Configure: a field that is not there stays off and the block completes without OK") {
    struct row { unsigned byte, value; const char* what; };
    for (const row& w : {row{6, 0x33, "late SCB"}, row{7, 0x63, "82550 descriptors"},
                         row{9, 0x40, "wake-up by ARP"},
                         row{11, 0x01, "linear priority"}, row{19, 0x81, "wake-up by address"},
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

TEST_CASE("Configure: 32 bytes are taken and what only an 82550 does with byte 22 is refused") {
    for (const unsigned byte22 : {0u, 1u, 2u}) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[0] = 0x20;
        c.resize(32, 0);
        c[22] = static_cast<std::uint8_t>(byte22);
        CHECK(configured(r, c) == (byte22 ? 0x8000 : 0xA000));
        CHECK(r.metric("refused_configuration") == (byte22 ? 1 : 0));
    }
}

TEST_CASE("Configure: all allowed values are taken") {
    fresh_kernel k;
    rig r;
    auto c = rig::usual();
    for (const unsigned v : {0u, 15u}) {
        c[1] = static_cast<std::uint8_t>(v);
        c[3] = c[4] = 0x0F;
        c[6] = 0xFE;
        c[7] = 0x47;
        CHECK(configured(r, c) == 0xA000);
    }
    CHECK(r.metric("refused_configuration") == 0);
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
    for (const row& w : {row{0x0C, 2, 0, 1}, row{0x0E, 2, 0x4802, 0}, row{0x0C, 4, 0, 1}, row{0x18, 1, 0, 0}, {0x18, 4, 0, 0}, row{0x1C, 1, 0, 1}, row{0x20, 4, 0, 1},
                         row{0x30, 4, 1, 1}, row{0x40, 4, 0, 1}, row{0x04, 4, 0, 0}, row{0x00, 2, 0, 0}, row{0x14, 4, 0, 0}}) {
        fresh_kernel k;
        rig r;
        r.write(w.offset, w.size, w.value);
        INFO(w.offset << ' ' << w.size);
        CHECK(r.metric("refused_register") == w.counts);
    }
}
