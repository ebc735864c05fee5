// Where 22b sends what it is done with: a table of connections that a test fills.
#include "nicteam/offload/classifier.h"
#include "nicteam/packet/checksum.h"
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

connection_key key(std::uint16_t port = 9) { return {packet::ip_address(there), packet::ip_address(here), packet::ip_protocol::udp, 9'000, port}; }
packet::octets of(const bytes& b) { return {b.data(), b.size()}; }

}  // namespace

TEST_CASE("an empty table of connections has nothing for anybody") {
    const connection_table t(4);
    CHECK_FALSE(classify(t, of(datagram(100))));
}

TEST_CASE("a datagram belongs to the connection of its addresses, protocol and ports") {
    connection_table t(2);
    const auto mine = t.add(key()), other = t.add(key(10));
    REQUIRE(mine);
    REQUIRE(other);
    CHECK_FALSE(t.add(key()));                     // it is there
    CHECK_FALSE(t.add(key(11)));                   // full
    CHECK(classify(t, of(datagram(100))) == *mine);
    for (int n = 0; n < 4; ++n) {                  // another address or port each
        packet::ipv4_fields f;
        f.source = there + (n == 0), f.destination = here + (n == 1);
        const bytes data(100, 0x5A);
        bytes d;
        packet::append_udp_datagram(d, f, n == 2 ? 9'001 : 9'000, n == 3 ? 11 : 9, of(data));
        CHECK_FALSE(classify(t, of(d)));
    }
    REQUIRE(t.remove(*mine));
    CHECK_FALSE(t.remove(*mine));
    CHECK_FALSE(classify(t, of(datagram(100))));
    const auto again = t.add(key());
    REQUIRE(again);
    CHECK(*again != *mine);
}

TEST_CASE("what is damaged, cut or too short belongs to no connection") {
    connection_table t(2);
    REQUIRE(t.add(key()));
    bytes damaged = datagram(100);
    damaged[60] ^= 1;
    CHECK_FALSE(classify(t, of(damaged)));
    bytes header = datagram(100);
    header[8] ^= 1;                                // its TTL: the checksum of the header is wrong
    CHECK_FALSE(classify(t, of(header)));
    bytes fragment = datagram(100);
    fragment[6] |= 0x20;                           // more are to follow, though all is there; its header's checksum is right
    packet::put16(&fragment[10], 0);
    packet::put16(&fragment[10], static_cast<std::uint16_t>(~packet::internet_sum(of(fragment).first(20))));
    CHECK_FALSE(classify(t, of(fragment)));
    for (std::size_t n = 0; n < 128; ++n) {
        const bytes whole = datagram(100);
        CHECK_FALSE(classify(t, of(whole).first(n)));
    }
}

TEST_CASE("what 22b lets go has the connection that it is for, also when it was decrypted, put together or both") {
    fresh_kernel k;
    rig r(usual());
    sender s;
    s.table.add(tunnel(0x1234));
    r.block.install(tunnel(0x1234));
    const auto mine = r.block.connections().add(key());
    for (const bytes& p : s.send(datagram(300), {"sa"})) r.frame_of(p);
    for (const bytes& p : s.send(datagram(900), {"sa"}, 576)) r.frame_of(p);
    r.frame_of(datagram(50));
    bytes unknown = s.send(datagram(300), {"sa"})[0];
    unknown[unknown.size() - 1] ^= 1;              // stays encrypted
    r.frame_of(unknown);
    r.run();
    REQUIRE(r.connections.size() == 4);
    for (int n = 0; n < 3; ++n) CHECK(r.connections[n] == *mine);
    CHECK_FALSE(r.connections[3]);
    CHECK(r.count("for_connections") == 3);
}
