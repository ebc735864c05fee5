#include <catch2/catch.hpp>

#include <set>

#include "nicteam/base/random_stream.h"
#include "nicteam/ipsec/replay_window.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using verdict = replay_verdict;

namespace {
constexpr std::uint64_t two_32 = std::uint64_t{1} << 32;
}

TEST_CASE("a window agrees with a set of all numbers seen") {
    random_stream r(1, "window", "test");
    for (const std::uint32_t w : {1u, 2u, 31u, 32u, 33u, 63u, 64u, 65u, 127u, 128u, 1'000u, 4'096u}) {
        replay_window window(w, true);
        std::set<std::uint64_t> seen;
        std::uint64_t top = 0;
        for (int n = 0; n < 20'000; ++n) {
            // Mostly near the top, sometimes by exact multiples of a word, sometimes far.
            std::uint64_t s = 0;
            switch (r.below(8)) {
                case 0: s = top + 32 * r.below(5); break;
                case 1: s = top + 1 + r.below(2 * w + 200); break;
                case 2: s = top + w - 1 + r.below(3); break;
                default: s = top + 3 - std::min(top + 3, r.below(2 * w + 8));
            }
            const verdict expected = s == 0          ? verdict::zero
                                     : s + w <= top  ? verdict::old
                                     : seen.count(s) ? verdict::repeated
                                                     : verdict::fresh;
            REQUIRE(window.look(s) == expected);
            if (!r.chance(probability_one / 8)) {
                REQUIRE(window.accept(s) == expected);
                if (expected == verdict::fresh) seen.insert(s), top = std::max(top, s);
            }
            REQUIRE(window.highest() == top);
        }
    }
}

TEST_CASE("the boundary of the window is RFC 4303's: T-W is old and T-W+1 is not") {
    for (const std::uint32_t w : {32u, 64u, 1'024u}) {
        replay_window a(w);
        a.accept(10'000);
        CHECK(a.look(10'000 - w) == verdict::old);
        CHECK(a.look(10'000 - w + 1) == verdict::fresh);
        CHECK(a.look(0) == verdict::zero);
        CHECK(a.look(10'000) == verdict::repeated);
    }
}

TEST_CASE("the vectors of DPDK's anti-replay tests") {
    for (const std::uint32_t w : {1'024u, 2'048u, 4'096u}) {
        replay_window a(w);
        CHECK(a.accept(2 * w) == verdict::fresh);
        CHECK(a.accept(w + 1) == verdict::fresh);
        CHECK(a.accept(w) == verdict::old);
        CHECK(a.accept(w + w / 2) == verdict::fresh);
        CHECK(a.accept(w + w / 2) == verdict::repeated);
        replay_window e(w, true);
        const auto low = [&](std::uint64_t whole) {
            const std::uint64_t inferred = e.whole(static_cast<std::uint32_t>(whole));
            CHECK(inferred == whole);
            return e.accept(inferred);
        };
        CHECK(low(0xFFFFFFFF - w) == verdict::fresh);
        CHECK(low(two_32 + w / 2) == verdict::fresh);
        CHECK(low(two_32 - w / 2 + 1) == verdict::fresh);
        CHECK(low(two_32 - 1) == verdict::fresh);
        CHECK(low(two_32) == verdict::fresh);
        CHECK(low(two_32 - 1) == verdict::repeated);
        CHECK(low(two_32) == verdict::repeated);
    }
}

TEST_CASE("a far jump forgets and old numbers stay refused") {
    for (std::uint64_t jump = 1; jump < 400; ++jump) {
        replay_window a(64);
        for (std::uint64_t s = 1; s <= 100; ++s) a.accept(s);
        a.accept(100 + jump);
        for (std::uint64_t s = 1; s <= 100 + jump; ++s) {
            const verdict expected = s + 64 <= 100 + jump ? verdict::old : s <= 100 || s == 100 + jump ? verdict::repeated : verdict::fresh;
            REQUIRE(a.look(s) == expected);
        }
    }
}

TEST_CASE("the upper half is inferred on both sides of each inequality of RFC 4303 A2.2") {
    constexpr std::uint32_t w = 64;
    const struct { std::uint64_t top; std::uint32_t low; std::uint64_t whole; } rows[] = {
        // Case A: the window lies in one subspace.
        {5 * two_32 + 1'000, 1'000 - w + 1, 5 * two_32 + 1'000 - w + 1},
        {5 * two_32 + 1'000, 1'000 - w, 6 * two_32 + 1'000 - w},
        {5 * two_32 + 1'000, 0xFFFFFFFF, 5 * two_32 + 0xFFFFFFFF},
        {5 * two_32 + 1'000, 0, 6 * two_32},
        {5 * two_32 + w - 1, 0, 5 * two_32},
        // Case B: it spans two.
        {5 * two_32 + w - 2, 0xFFFFFFFF, 4 * two_32 + 0xFFFFFFFF},
        {5 * two_32 + w - 2, 0xFFFFFFFE, 5 * two_32 + 0xFFFFFFFE},
        {5 * two_32 + 10, 0xFFFFFFFF - (w - 12), 4 * two_32 + 0xFFFFFFFF - (w - 12)},
        {5 * two_32 + 10, 0xFFFFFFFF - (w - 11), 5 * two_32 + 0xFFFFFFFF - (w - 11)},
        {5 * two_32 + 10, 11, 5 * two_32 + 11},
        // Nothing lies below the first number of all.
        {10, 0xFFFFFFFF, 0xFFFFFFFF},
    };
    for (const auto& r : rows) {
        CAPTURE(r.top, r.low);
        replay_window e(w, true);
        e.accept(r.top);
        CHECK(e.whole(r.low) == r.whole);
    }
}

TEST_CASE("an advisory number leads the upper half and refuses nothing") {
    replay_window e(64, true);
    e.advise(3 * two_32 - 2);
    CHECK(e.whole(5) == 3 * two_32 + 5);
    CHECK(e.whole(0xFFFFFFFF) == 3 * two_32 - 1);
    e.advise(two_32);      // never back
    CHECK(e.whole(5) == 3 * two_32 + 5);
    CHECK(e.highest() == 0);
    CHECK(e.accept(1) == verdict::fresh);
    e.accept(4 * two_32 + 100);      // its own number leads when it is the higher
    CHECK(e.whole(101) == 4 * two_32 + 101);
    replay_window small(64);
    small.advise(3 * two_32);
    CHECK(small.whole(7) == 7);
}

TEST_CASE("without a window all numbers are accepted") {
    replay_window a(0);
    for (const std::uint64_t s : {5u, 5u, 1u, 0u}) CHECK(a.accept(s) == verdict::fresh);
    replay_window e(0, true);
    e.accept(3 * two_32 + 5);
    CHECK(e.whole(4) == 3 * two_32 + 4);
    CHECK(e.whole(0xFFFFFFF0) == 2 * two_32 + 0xFFFFFFF0);
}

TEST_CASE("whoever takes over a window that nobody can read closes it up to a number") {
    for (const std::uint64_t top : {1u, 63u, 64u, 65u, 1'000u}) {
        replay_window a(64);
        a.close_up_to(top);
        CHECK(a.look(top) == verdict::repeated);
        for (std::uint64_t s = top + 1; s < top + 200; ++s) REQUIRE(a.accept(s) == verdict::fresh);
        for (std::uint64_t s = top + 150; s < top + 200; ++s) REQUIRE(a.look(s) == verdict::repeated);
    }
}
