#include <array>
#include <map>

#include <catch2/catch.hpp>

#include "nicteam/sim/session.h"
#include "unit/base/tick_span.h"

using namespace nicteam;
using namespace nicteam::sim;
using namespace nicteam::test;

TEST_CASE("shadow equals one entry per byte under random marks") {
    dice roll(80);
    for (int round = 0; round < 300; ++round) {
        shadow s;
        std::array<trace_id, 64> naive{};
        const std::uint64_t base = roll(0, 1) ? 0 : 0xFFFF'FFC0u;   // the top of 32 bits too
        for (int step = 0; step < 60; ++step) {
            const auto first = static_cast<std::uint64_t>(roll(0, 63));
            const auto n = static_cast<std::uint32_t>(roll(0, 64 - static_cast<std::int64_t>(first)));
            const auto id = static_cast<trace_id>(roll(0, 4));   // 0 wipes
            s.mark(base + first, n, id);
            for (std::uint64_t a = first; a < first + n; ++a) naive[a] = id;
            for (std::uint64_t a = 0; a < naive.size(); ++a)
                if (s.at(base + a) != naive[a]) FAIL("round " << round << " step " << step << " byte " << a);
        }
        REQUIRE(s.at(base + 64) == 0);
        // The ranges of a stretch, cut at its ends, fill just what belongs to somebody in it.
        const auto first = static_cast<std::size_t>(roll(0, 63)), octets = static_cast<std::size_t>(roll(1, static_cast<std::int64_t>(64 - first)));
        std::map<trace_id, std::size_t> told, there;
        s.each(base + first, octets, [&](trace_id id, std::uint32_t n) { told[id] += n; });
        for (std::size_t a = first; a < first + octets; ++a)
            if (naive[a]) ++there[naive[a]];
        REQUIRE(told == there);
    }
}

TEST_CASE("shadow: a mark within another leaves both ends") {
    shadow s;
    s.mark(1000, 1500, 7);
    s.mark(1200, 100, 8);
    REQUIRE(s.at(1199) == 7);
    REQUIRE(s.at(1200) == 8);
    REQUIRE(s.at(1299) == 8);
    REQUIRE(s.at(1300) == 7);
    REQUIRE(s.at(2499) == 7);
    REQUIRE(s.at(2500) == 0);
    s.mark(1000, 1500, 0);
    REQUIRE(s.at(1000) == 0);
    REQUIRE(s.at(1250) == 0);
}
