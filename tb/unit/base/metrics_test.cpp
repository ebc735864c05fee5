#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include "nicteam/base/metrics.h"
#include "tick_span.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("histogram percentiles lie within 1/1024 above the sorted samples") {
    dice roll(50);
    for (int round = 0; round < 300; ++round) {
        histogram h;
        std::vector<std::int64_t> all;
        const std::int64_t scale = std::int64_t{1} << roll(0, 60);
        for (std::int64_t n = roll(1, 200); n > 0; --n) {
            all.push_back(roll(0, scale));
            h.add(all.back());
        }
        std::sort(all.begin(), all.end());
        REQUIRE(h.count() == all.size());
        REQUIRE(h.least() == all.front());
        REQUIRE(h.greatest() == all.back());
        __int128 sum = 0;
        for (const auto v : all) sum += v;
        REQUIRE(h.sum() == sum);
        for (const auto& [n, d] : {std::pair{1u, 2u}, {9u, 10u}, {99u, 100u}, {999u, 1000u}, {1u, 1u}, {0u, 1u}}) {
            const std::size_t rank = std::max<std::size_t>(1, (all.size() * n + d - 1) / d);
            const std::int64_t exact = all[rank - 1], got = h.percentile(n, d);
            REQUIRE(got >= exact);
            REQUIRE(got - exact <= exact / 1024);
        }
    }
}

TEST_CASE("histogram is exact for small samples and holds the largest") {
    histogram h;
    REQUIRE(h.percentile(1, 2) == 0);
    REQUIRE(h.least() == 0);
    for (int v = 0; v < 2048; ++v) h.add(v);
    for (unsigned v = 0; v < 2048; ++v) REQUIRE(h.percentile(v + 1, 2048) == v);
    h.add(INT64_MAX);
    REQUIRE(h.percentile(1, 1) == INT64_MAX);
    h.add(-5);   // a negative sample counts as 0
    REQUIRE(h.least() == 0);
}

TEST_CASE("the later samples of a histogram are the difference of two states") {
    dice roll(52);
    for (int round = 0; round < 100; ++round) {
        histogram all;
        const std::int64_t scale = std::int64_t{1} << roll(0, 40);
        for (std::int64_t n = roll(0, 50); n > 0; --n) all.add(roll(0, scale));
        const histogram before = all;
        histogram later;
        for (std::int64_t n = roll(0, 50); n > 0; --n) {
            const std::int64_t v = roll(0, scale);
            all.add(v);
            later.add(v);
        }
        const histogram d = all.since(before);
        REQUIRE(d.count() == later.count());
        REQUIRE(d.sum() == later.sum());
        REQUIRE(d.least() <= later.least());
        REQUIRE(later.least() - d.least() <= later.least() / 1024);
        REQUIRE(d.greatest() - later.greatest() <= later.greatest() / 1024);
        for (const unsigned n : {0u, 30u, 50u, 99u, 100u}) {
            REQUIRE(d.percentile(n, 100) >= later.percentile(n, 100));
            REQUIRE(d.percentile(n, 100) - later.percentile(n, 100) <= later.percentile(n, 100) / 1024);
        }
    }
}

TEST_CASE("level integrates exactly") {
    dice roll(51);
    level l;
    std::int64_t value = 0, highest = 0;
    __int128 sum = 0;
    ps t = 0;
    for (int i = 0; i < 10'000; ++i) {
        const ps next = t + roll(0, 9);
        for (; t < next; ++t) sum += value;
        value = roll(-5, 3000);
        l.set(t, value);
        highest = std::max(highest, value);
        REQUIRE(l.value() == value);
        REQUIRE(l.highest() == highest);
        REQUIRE(l.integral(t + 7) == sum + 7 * value);
    }
    l.add(t, 2);
    REQUIRE(l.value() == value + 2);
}

TEST_CASE("counter only grows") {
    counter c;
    c.add();
    c.add(1ull << 40);
    REQUIRE(c.value() == (1ull << 40) + 1);
}
