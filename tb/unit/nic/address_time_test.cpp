// When an address is compared: as its sixth octet passes the MAC, with a crypto block behind it and without, however long the frame is
// (docs/nic-fifos.md, decision 190). The address filter is set anew while the frame is on the wire, and the octet at which the verdict turns is looked for.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

using mac = std::array<std::uint8_t, 6>;
constexpr mac own{2, 0, 0, 0, 0, 1}, other{2, 0, 0, 0, 0, 9};
constexpr std::uint32_t at = 0x10000, body = 0x1008;
constexpr ps octet = 80'000, asked = 100 * microsecond;

enum class change { individual, groups, promiscuous };
struct told { bool taken; ps from, until; };                 // the command is executed behind `from`, at `until` at the latest

nic::nic_config with(bool block) {
    nic::nic_config c;
    if (!block) return c;
    c.identity = nic::nic_identity::extended;
    c.crypto.enable = true;
    c.crypto.engines = {"aes-128-round", "sha1"};
    return c;
}

// One frame whose first octet of the preamble passes at `begin`; the command unit is told at `asked`.
told one(bool block, change what, std::size_t octets, ps begin) {
    fresh_kernel k;
    rig r(with(block));
    auto c = rig::usual();
    mac to = own;
    if (what == change::promiscuous) c[15] |= 1, to = other;
    r.configure(c);
    if (what == change::groups) {
        to = {1, 0, 0x5E, 0, 0, 1};
        r.block(0x1000, 0x8003, 0);
        r.memory.write16(body, 6);
        r.memory.poke(body + 2, to.data(), 6);
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
    }
    r.ring(at, 2);
    r.scb(0, 4);
    r.scb(0, 1, at);
    c[15] &= static_cast<std::uint8_t>(~1u);
    r.block(0x1000, what == change::individual ? 0x8001 : what == change::groups ? 0x8003 : 0x8002, 0);
    if (what == change::individual) r.memory.poke(body, other.data(), 6);
    else if (what == change::groups) r.memory.write16(body, 0);
    else r.memory.poke(body, c.data(), c.size());
    REQUIRE(sim::now() < asked - 20 * octet);
    r.arrive(rig::payload(octets, to), wire::wire_end::good, begin);
    r.run(asked - sim::now());
    r.scb(1, 0, 0x1000);
    while (!(r.memory.read16(0x1000) & 0x8000)) r.run(r.period());
    const ps done = sim::now();
    r.run_until_idle();
    return {(r.memory.read16(at) & 0x8000) != 0, asked, done};
}

}  // namespace

TEST_CASE("an address is compared as its sixth octet passes, with a block and without, of frames of any length") {
    for (const change what : {change::individual, change::groups, change::promiscuous}) {
        ps turns = never;
        for (const bool block : {false, true})
            for (const std::size_t octets : {60u, 300u, 1514u}) {
                INFO("change " << static_cast<int>(what) << ", block " << block << ", " << octets << " octets");
                ps last_taken = never;
                told t{true, 0, 0};
                for (ps begin = asked - 20 * octet; t.taken; begin += octet) {
                    t = one(block, what, octets, begin);
                    if (t.taken) last_taken = begin + (wire::preamble_octets + 5) * octet;       // its sixth octet
                    REQUIRE(begin < asked + 100 * octet);
                }
                REQUIRE(last_taken != never);
                if (turns == never) turns = last_taken;
                CHECK(last_taken == turns);
                CHECK(last_taken >= t.from);
                CHECK(last_taken <= t.until);
            }
    }
}
