#include <catch2/catch.hpp>

#include "nicteam/base/clock_domain.h"
#include "tick_span.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("clock domain equals a search among all edges") {
    dice roll(40);
    for (int i = 0; i < 4'000; ++i) {
        const ps period = roll(1, 12), phase = roll(-20, 20);
        const clock_domain clock(period, phase);
        for (ps t = -40; t <= 40; ++t) {
            // The last edge at or before t, and the first later one, by walking.
            ps at = t;
            while ((at - phase) % period != 0) --at;
            ps after = t + 1;
            while ((after - phase) % period != 0) ++after;
            REQUIRE(clock.edge(clock.index(t)) == at);
            REQUIRE(clock.on_edge(t) == (at == t));
            REQUIRE(clock.after(t) == after);
            REQUIRE(clock.after(t, 2) == after + period);
            REQUIRE(clock.at_or_after(t) == (at == t ? t : after));
        }
    }
}

TEST_CASE("clock domain counts whole periods between edges") {
    const clock_domain pci(30'000), mii(80'000, 10'000);
    REQUIRE(pci.cycles(0, 300'000) == 10);
    REQUIRE(pci.cycles(pci.edge(-3), pci.edge(4)) == 7);
    REQUIRE(mii.edge(0) == 10'000);
    REQUIRE(mii.after(10'000) == 90'000);
    REQUIRE(mii.after(9'999) == 10'000);
    REQUIRE(mii.at_or_after(10'001) == 90'000);
}

TEST_CASE("clock domain stays exact after a hundred days") {
    const clock_domain pci(30'000, 7);
    const ps day_100 = 100 * 86'400 * second;
    const ps edge = pci.at_or_after(day_100);
    REQUIRE((edge - 7) % 30'000 == 0);
    REQUIRE(edge >= day_100);
    REQUIRE(edge - day_100 < 30'000);
}
