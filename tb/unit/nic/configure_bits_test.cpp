// Configure bit by bit: docs/nic-configure.md lists every bit with the test that shows it; here are those without a better place, and what
// holds for all of them.
#include <catch2/catch.hpp>

#include "nic/registers/configure_bytes.h"
#include "nic/registers/identities.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
constexpr std::uint32_t at = 0x10000, dump = 0x6000;
}

TEST_CASE("Configure: each bit from byte 8 on is in a dump as it was set or is refused and counted") {
    fresh_kernel k;
    rig r;
    for (unsigned byte = 8; byte < nic::configuration::dumped; ++byte)
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto c = rig::usual();
            c[byte] = static_cast<std::uint8_t>(c[byte] ^ 1u << bit);
            const std::uint64_t before = r.metric("refused_configuration");
            r.configure(c);
            const bool refused = r.metric("refused_configuration") != before;
            r.write(0x08, 4, dump | 3);
            r.run_until_idle();
            INFO("byte " << byte << " bit " << bit);
            CHECK(r.memory.read16(0x100) == (refused ? 0x8000 : 0xA000));
            CHECK((*r.memory.at(dump + 24 + byte - 8) == c[byte]) == !refused);
        }
}

TEST_CASE("Configure: no controller has two fields on one bit and none is beyond its byte") {
    for (const nic::identity_info& chip : nic::identities) {
        unsigned used[nic::configuration::bytes] = {};
        for (unsigned i = 0; i < static_cast<unsigned>(nic::field::count_); ++i) {
            const nic::field_info& f = nic::info_of(static_cast<nic::field>(i));
            const unsigned mask = ((1u << f.bits) - 1u) << f.low;
            INFO(chip.name << " " << f.name);
            REQUIRE(f.byte < nic::configuration::bytes);
            CHECK(mask <= 0xFF);
            if (!f.on.has(chip.generation)) continue;
            CHECK((used[f.byte] & mask) == 0);
            used[f.byte] |= mask;
        }
    }
}

TEST_CASE("Configure 1 bits 3:0: received data ask for the bus at 8 bytes for each unit below 16") {
    for (unsigned v = 0; v < 16; ++v) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[1] = static_cast<std::uint8_t>(v);
        r.configure(c);
        r.ring(at, 2);
        r.scb(0, 1, at);
        r.run_until_idle();
        r.log.log.clear();
        r.arrive(rig::payload(1000));
        r.run_until_idle();
        const auto own = r.own();
        REQUIRE(own.size() > 4);
        // After the first, which waits for 64 octets, and before the last one, which has what is left.
        INFO(v);
        const std::uint32_t words = (16 - v) * 8 / 4;
        for (std::size_t i = 2; i + 4 < own.size(); ++i) {
            CHECK(own[i].words >= words);
            CHECK(own[i].words <= words + 1);
        }
        const ps apart = own[own.size() - 5].start - own[2].start;
        CHECK(apart / static_cast<ps>(own.size() - 7) >= 80'000 * 4 * words - 60'000);
    }
}

TEST_CASE("Configure 7 bits 2:1: after an underrun come no or one or two or three more attempts") {
    for (unsigned v = 0; v < 4; ++v) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[7] = static_cast<std::uint8_t>((c[7] & 0xF9) | v << 1);
        r.configure(c);
        // Each word of its data takes 960 ns and leaves in 320 ns. All attempts underrun but that with the whole frame.
        r.transmit_block(0x1000, rig::payload(2800), 0x8004, 0, 1);
        r.memory.next_wait = 31;
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        INFO(v);
        CHECK(r.cable.sent.size() == v + 1);
        CHECK(r.metric("tx_underruns") == std::max(1u, v));
        CHECK(r.metric("tx_frames") == (v ? 1 : 0));
        CHECK(r.metric("tx_given_up") == (v ? 0 : 1));
    }
}
