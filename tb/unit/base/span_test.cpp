#include <stdexcept>

#include <catch2/catch.hpp>

#include "tick_span.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

// One word per case that compares every question at every tick; Catch's macros would cost more than the comparison.
bool same(const span& fast, const tick_span& slow) {
    if (fast.units() != slow.at.size() || fast.empty() != slow.at.empty()) return false;
    if (fast.first() != (slow.at.empty() ? never : slow.at.front())) return false;
    if (fast.last() != (slow.at.empty() ? never : slow.at.back())) return false;
    const ps end = slow.at.empty() ? 3 : slow.at.back() + 3;
    std::uint64_t before = 0;
    for (ps t = -2; t <= end; ++t) {
        std::uint64_t by = before;
        while (by < slow.at.size() && slow.at[by] <= t) ++by;
        if (fast.passed(t) != before || fast.passed_by(t) != by) return false;
        before = by;
    }
    for (std::uint64_t u = 0; u < slow.at.size(); ++u)
        if (fast.when(u) != slow.at[u]) return false;
    return fast.when(slow.at.size()) == never;
}

}  // namespace

TEST_CASE("span equals a tick-by-tick loop through random appends and cuts") {
    dice roll(20);
    unsigned cases = 0;
    span fast;   // kept from case to case: an allocation each would cost more than the case under sanitizers
    tick_span slow;
    for (; cases < 120'000; ++cases) {
        fast.clear();
        slow.at.clear();
        grow(roll, static_cast<int>(roll(0, 4)), roll(0, 10), fast, slow);
        const ps cut = roll(-1, 80);
        fast.cut(cut);
        slow.cut(cut);
        if (roll(0, 1)) grow(roll, static_cast<int>(roll(0, 3)), cut + 1, fast, slow);
        if (!same(fast, slow)) FAIL("case " << cases);
    }
    REQUIRE(cases >= 100'000);
}

TEST_CASE("span keeps one form: equal times compare equal however they were appended") {
    dice roll(21);
    for (int i = 0; i < 20'000; ++i) {
        span whole, pieces;
        tick_span slow;
        grow(roll, static_cast<int>(roll(1, 4)), 0, whole, slow);
        for (const ps t : slow.at) pieces.append({t, 0, 1});
        REQUIRE(same(pieces, slow));
        REQUIRE(pieces == whole);
        const ps cut = roll(0, 60);
        whole.cut(cut);
        pieces.cut(cut);
        REQUIRE(pieces == whole);
    }
}

TEST_CASE("span cut keeps the unit that passes at the cut") {
    span s;
    s.append({100, 30, 4});
    s.cut(160);
    REQUIRE(s.units() == 3);
    REQUIRE(s.last() == 160);
    s.cut(159);
    REQUIRE(s.units() == 2);
    s.cut(99);
    REQUIRE(s.empty());
    REQUIRE(s.first() == never);
}

TEST_CASE("span continues in step as one run") {
    span s;
    s.append({0, 30'000, 4});
    s.append({120'000, 30'000, 4});
    REQUIRE(s.runs().size() == 1);
    REQUIRE(s.units() == 8);
    s.append({300'000, 30'000, 2});
    REQUIRE(s.runs().size() == 2);
}

TEST_CASE("span refuses a run that is not later or does not move") {
    span s;
    s.append({100, 10, 3});
    REQUIRE_THROWS_AS(s.append({120, 10, 1}), std::logic_error);
    REQUIRE_THROWS_AS(s.append({130, 0, 2}), std::logic_error);
    REQUIRE_THROWS_AS(s.append({130, -1, 2}), std::logic_error);
    s.append({50, 0, 0});   // an empty run is ignored, wherever it lies
    REQUIRE(s.units() == 3);
}

TEST_CASE("span of a maximal burst stays exact") {
    span s;
    const ps far = 100 * 86'400 * second;   // after a hundred days
    s.append({far, 30'000, 4'000'000'000u});
    REQUIRE(s.last() == far + 30'000 * 3'999'999'999);
    REQUIRE(s.passed(s.last()) == 3'999'999'999u);
    REQUIRE(s.passed_by(s.last()) == 4'000'000'000u);
    REQUIRE(s.when(3'000'000'000u) == far + 30'000 * 3'000'000'000);
}
