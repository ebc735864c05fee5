#include <catch2/catch.hpp>

#include <cmath>

#include "nicteam/wire/impairment.h"
#include "nicteam/wire/link.h"

using namespace nicteam;
using namespace nicteam::wire;

TEST_CASE("gaps between bit errors follow the geometric law") {
    for (const std::int64_t ratio : {probability_one / 2, probability_one / 10, probability_one / 1000}) {
        const error_gaps gaps(ratio);
        random_stream r(1, "gaps", "test");
        const double p = static_cast<double>(ratio) / 1e18;
        const int n = 200'000;
        double sum = 0;
        int zero = 0, below_mean = 0;
        for (int i = 0; i < n; ++i) {
            const auto g = gaps.next(r);
            REQUIRE(g != error_gaps::none);   // 2^18 is far off at these ratios
            sum += static_cast<double>(g);
            zero += g == 0;
            below_mean += static_cast<double>(g) < 1 / p;
        }
        CHECK(sum / n == Approx((1 - p) / p).epsilon(0.02));
        CHECK(static_cast<double>(zero) / n == Approx(p).epsilon(0.1));
        CHECK(static_cast<double>(below_mean) / n == Approx(1 - std::pow(1 - p, std::ceil(1 / p))).epsilon(0.02));
    }
}

TEST_CASE("small ratios give mostly clean frames and the extremes are exact") {
    random_stream r(2, "gaps", "test");
    const error_gaps rare(probability_one / 100'000'000);   // 1e-8
    int none = 0;
    const int n = 100'000;
    for (int i = 0; i < n; ++i) none += rare.next(r) == error_gaps::none;
    CHECK(static_cast<double>(n - none) / n == Approx(1 - std::pow(1 - 1e-8, 262'144)).epsilon(0.15));
    const error_gaps never_wrong(0), always(probability_one);
    for (int i = 0; i < 100; ++i) {
        CHECK(never_wrong.next(r) == error_gaps::none);
        CHECK(always.next(r) == 0);
    }
}

TEST_CASE("the ratio in force at an octet is the one set strictly before it") {
    error_history h(0);
    CHECK(h.clean());
    h.change(1000, probability_one);
    h.change(2000, 0);
    const span plan = octet_plan(520, 30, 100'000'000);   // an octet each 80,000 ps
    std::vector<std::uint64_t> bad;
    span slow;
    slow.append({0, 500, 12});   // octets at 0, 500, 1000, 1500, 2000 …; two of preamble
    h.draw(random_stream(1, "a", "b"), slow, 2, bad);
    // Wrong are octets at 1500 and 2000: data octets 1 and 2, every bit.
    REQUIRE(bad.size() == 16);
    CHECK(bad.front() == 8);
    CHECK(bad.back() == 23);
    h.forget(2001);
    CHECK(h.clean());
    CHECK(h.changes() == 2);
}
