// Row A-92's rho from octets in windows, beside the division in floating point.
#include <catch2/catch.hpp>

#include <random>

#include "team/workload.h"

using nicteam::team::workload;
using nicteam::millisecond;
using nicteam::microsecond;
using nicteam::second;

TEST_CASE("the share of the busier direction, and of the last window only") {
    workload w;
    CHECK(w.over(millisecond, 1'000'000) == 0);
    w.sends(250);
    w.receives(100);
    CHECK(w.over(millisecond, 1'000'000) == 250'000);
    w.receives(600);
    CHECK(w.over(millisecond, 1'000'000) == 600'000);
    CHECK(w.over(millisecond, 1'000'000) == 0);
}

TEST_CASE("at most all of it, and nothing of nothing") {
    workload w;
    w.sends(5'000);
    CHECK(w.over(millisecond, 1'000'000) == workload::whole);
    w.sends(1);
    CHECK(w.over(millisecond, 0) == workload::whole);       // a line that is down
    CHECK(w.over(millisecond, 0) == 0);
}

TEST_CASE("as the division has it, to a millionth, over long windows and high rates too") {
    std::mt19937_64 draw(92);
    for (unsigned n = 0; n < 20'000; ++n) {
        workload w;
        const nicteam::ps window = 10 * microsecond + static_cast<nicteam::ps>(draw() % (1000 * second));
        const std::uint64_t rate = 1 + draw() % 5'000'000'000u, octets = draw() % 1'000'000'000'000u;
        for (std::uint64_t left = octets; left;) {
            const std::uint64_t some = std::min(left, 1 + draw() % octets);
            w.sends(some);
            left -= some;
        }
        const long double share = std::min(1.0L, static_cast<long double>(octets) * second / (static_cast<long double>(rate) * window));
        REQUIRE(std::abs(static_cast<long double>(w.over(window, rate)) - share * workload::whole) <= 1.0L + 1e6L * second / (static_cast<long double>(rate) * window) * share);
    }
}
