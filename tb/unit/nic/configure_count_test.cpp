// Configure's byte count: what is not sent keeps its value, and after a reset that is the default (SDM 6.4.2.3).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

std::uint32_t words_of_a_block(rig& r) {
    r.log.log.clear();
    r.block(0x2000, 0x8000, 0);
    r.scb(1, 0, 0x2000);
    r.run_until_idle();
    return r.own().at(0).words;
}

}  // namespace

TEST_CASE("Configure: before the first one blocks have four dwords") {
    fresh_kernel k;
    rig r;
    CHECK(words_of_a_block(r) == 4);
}

TEST_CASE("Configure: eight bytes are taken at least and bytes beyond the count are not") {
    for (const unsigned count : {0u, 1u, 7u, 8u, 9u}) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[0] = static_cast<std::uint8_t>(count);
        c[6] = 0x22;                                     // extended blocks
        r.configure(c);
        INFO(count);
        CHECK(words_of_a_block(r) == 8);
        r.transmit_block(0x2000, rig::payload(100));
        r.scb(1, 0, 0x2000);
        r.run_until_idle();
        CHECK(r.cable.sent.size() == (count == 9 ? 1 : 0));      // byte 8 enables the MAC
    }
}

TEST_CASE("Configure: nine bytes leave the defaults of the MAC") {
    fresh_kernel k;
    rig r;
    auto c = rig::usual();
    c[0] = 9;
    r.configure(c);
    const bytes d = rig::payload(20);
    r.transmit_block(0x2000, d, 0x0004, 0x3000);
    r.transmit_block(0x3000, d);
    r.scb(1, 0, 0x2000);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[0].frame->data.size() == 64);                                             // padded, with FCS
    CHECK(std::equal(d.begin(), d.end(), r.cable.sent[0].frame->data.begin()));                  // source from memory
    CHECK(r.cable.sent[1].octets.first() - r.cable.sent[0].octets.last() == 13 * 80'000);        // 96 bit times between
    r.ring(0x10000, 2, 2000);
    r.scb(0, 1, 0x10000);
    r.arrive(rig::payload(1600));                                                                // long
    r.arrive(rig::payload(60, {2, 0, 0, 0, 0, 9}));                                              // for another
    r.arrive(rig::payload(60, {255, 255, 255, 255, 255, 255}));
    r.run_until_idle();
    CHECK(r.metric("rx_long") == 1);
    CHECK(r.metric("rx_unmatched") == 1);
    CHECK(r.memory.read16(0x10000) == 0xA022);
    CHECK(r.memory.read16(0x1000C) == (0xC000 | 60));                                            // without FCS
}
