#include <set>
#include <vector>

#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"

using namespace nicteam;

TEST_CASE("random stream repeats for the same seed and path and purpose") {
    random_stream a(7, "client.stack", "arrivals"), b(7, "client.stack", "arrivals");
    for (int i = 0; i < 1000; ++i) REQUIRE(a.next() == b.next());
}

TEST_CASE("random stream gives the same numbers on every machine") {
    // Fixed here on purpose: a change of these numbers changes every recorded result.
    random_stream s(1, "a", "b");
    const std::vector<std::uint64_t> first{s.next(), s.next(), s.next()};
    random_stream t(1, "a", "b");
    REQUIRE(first == std::vector<std::uint64_t>{t.next(), t.next(), t.next()});
    REQUIRE(first[0] == 0xCCDA7C62254968BAu);
    REQUIRE(first[1] == 0x5321D9974491B734u);
    REQUIRE(first[2] == 0xE423172C4E7071BBu);
}

TEST_CASE("random streams of different consumers differ") {
    std::set<std::uint64_t> first;
    first.insert(random_stream(1, "ab", "c").next());
    first.insert(random_stream(1, "a", "bc").next());
    first.insert(random_stream(1, "abc", "").next());
    first.insert(random_stream(1, "", "abc").next());
    first.insert(random_stream(2, "ab", "c").next());
    REQUIRE(first.size() == 5);
    // Neighbouring paths share no visible pattern: half of the bits differ on average.
    int differing = 0;
    for (int i = 0; i < 1000; ++i) {
        random_stream a(1, "nic" + std::to_string(i), "loss"), b(1, "nic" + std::to_string(i + 1), "loss");
        differing += __builtin_popcountll(a.next() ^ b.next());
    }
    REQUIRE(differing > 31'000);
    REQUIRE(differing < 33'000);
}

TEST_CASE("below is uniform") {
    random_stream s(3, "x", "y");
    for (const std::uint64_t n : {1u, 2u, 3u, 7u, 10u}) {
        std::vector<int> hits(n, 0);
        const int draws = 100'000;
        for (int i = 0; i < draws; ++i) ++hits.at(s.below(n));
        // Chi-square with n - 1 degrees of freedom: beyond 40 is out of the question for n <= 10.
        const double expected = static_cast<double>(draws) / static_cast<double>(n);
        double chi = 0;
        for (const int h : hits) chi += (h - expected) * (h - expected) / expected;
        REQUIRE(chi < 40);
    }
    // A range just above half of 2^64 shows a biased reduction at once: low and high half must be equally likely.
    const std::uint64_t n = 0xC000'0000'0000'0000u;
    int low = 0;
    for (int i = 0; i < 100'000; ++i) low += s.below(n) < n / 2;
    REQUIRE(low > 49'000);
    REQUIRE(low < 51'000);
}

TEST_CASE("between includes both ends") {
    random_stream s(4, "x", "y");
    std::set<std::int64_t> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(s.between(-2, 2));
    REQUIRE(seen == std::set<std::int64_t>{-2, -1, 0, 1, 2});
    REQUIRE(s.between(5, 5) == 5);
}

TEST_CASE("chance keeps its probability") {
    random_stream s(5, "x", "y");
    int hits = 0;
    for (int i = 0; i < 100'000; ++i) hits += s.chance(probability_one / 100);
    REQUIRE(hits > 850);
    REQUIRE(hits < 1150);
    for (int i = 0; i < 1000; ++i) {
        REQUIRE(s.chance(probability_one));
        REQUIRE_FALSE(s.chance(0));
        REQUIRE_FALSE(s.chance(-1));
    }
}

TEST_CASE("exponential has its mean and its tail") {
    random_stream s(6, "x", "y");
    const std::int64_t mean = 1'000'000;
    const int draws = 200'000;
    double sum = 0, squares = 0;
    int beyond_mean = 0, beyond_three = 0;
    for (int i = 0; i < draws; ++i) {
        const auto v = static_cast<double>(s.exponential(mean));
        REQUIRE(v >= 0);
        sum += v;
        squares += v * v;
        beyond_mean += v > static_cast<double>(mean);
        beyond_three += v > 3 * static_cast<double>(mean);
    }
    const double average = sum / draws, variance = squares / draws - average * average;
    REQUIRE(average == Approx(1e6).epsilon(0.01));
    REQUIRE(variance == Approx(1e12).epsilon(0.03));
    REQUIRE(beyond_mean == Approx(draws * 0.36788).epsilon(0.02));    // e^-1
    REQUIRE(beyond_three == Approx(draws * 0.049787).epsilon(0.05));  // e^-3
}
