// What a peer's PHY says on its line: autonegotiation, duplex, pause.
#include <catch2/catch.hpp>

#include "unit/peer/two_peers.h"

using namespace nicteam;
using namespace nicteam::test;
using role = wire::phy_setting::role;

TEST_CASE("phy: autonegotiation, duplex and pause of a peer decide what its cable comes to") {
    struct row {
        bool autonegotiation;
        peer::wire_duplex duplex;
        bool pause;
        std::int64_t rate;
        wire::phy_setting says;
        bool own_full, other_full;
    };
    const auto every = static_cast<std::uint16_t>(wire::every_mode);
    const row rows[] = {
        {true, peer::wire_duplex::full, false, 100'000'000, {role::negotiates, every}, true, true},
        {true, peer::wire_duplex::full, true, 100'000'000, {role::negotiates, static_cast<std::uint16_t>(every | wire::pause_frames)}, true, true},
        {true, peer::wire_duplex::half, false, 100'000'000, {role::negotiates, wire::half_10 | wire::half_100}, false, false},
        {false, peer::wire_duplex::full, true, 100'000'000, {role::forced, wire::full_100}, true, false},
        {false, peer::wire_duplex::half, false, 100'000'000, {role::forced, wire::half_100}, false, false},
        {false, peer::wire_duplex::full, false, 10'000'000, {role::forced, wire::full_10}, true, false},
        {false, peer::wire_duplex::half, false, 10'000'000, {role::forced, wire::half_10}, false, false},
    };
    for (const row& r : rows) {
        fresh_kernel k;
        peer::peer_config c;
        peer::peer other("other", c);
        c.mac = "02:00:00:00:00:02";
        c.autonegotiation = r.autonegotiation;
        c.duplex = r.duplex;
        c.pause = r.pause;
        peer::peer station("station", c);
        wire::cable_config line;
        line.rate = r.rate;
        wire::cable cable("cable", line, station, other);
        CHECK(station.phy() == r.says);
        CHECK(cable.up());
        const auto seen = [&](wire::wire_end_point& e) { return wire::resolve(e.phy(), &e == &station ? other.phy() : station.phy(), r.rate); };
        CHECK(seen(station).full_duplex == r.own_full);
        CHECK(seen(other).full_duplex == r.other_full);
    }
}
