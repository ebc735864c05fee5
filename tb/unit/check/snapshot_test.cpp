#include <catch2/catch.hpp>

#include "nicteam/check/snapshot.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using namespace nicteam::check;

namespace {
const metric_info frames{"frames", "frames", "", metric_info::counter}, fill{"fill", "B", "", metric_info::level},
    wait{"wait", "ps", "", metric_info::histogram};
}

TEST_CASE("A window is the difference of two snapshots") {
    test::fresh_kernel kernel;
    auto& s = kernel.session();
    auto& w = s.bind_histogram("z.wait", wait);
    bool settled = false;
    auto& l = s.bind_level("b.fill", fill, [&](ps) { settled = true; });
    auto& c = s.bind_counter("a.frames", frames);
    s.settle_order();
    c.add(5);
    l.set(0, 10);
    for (int i = 0; i < 100; ++i) w.add(1'000'000);
    const snapshot begin(s, 1000);
    CHECK(settled);
    c.add(7);
    l.set(1500, 30);
    for (int i = 1; i <= 10; ++i) w.add(i);
    const auto d = difference(begin, s, 2000);
    REQUIRE(d.size() == 3);
    CHECK(d[0].path == "a.frames");
    CHECK(d[0].total == 7);
    CHECK(d[1].sum == 500 * 10 + 500 * 30);
    CHECK(d[1].end == 30);
    CHECK(d[1].greatest == 30);
    CHECK(d[2].total == 10);
    CHECK(d[2].sum == 55);
    CHECK(d[2].least == 1);
    CHECK(d[2].p50 == 5);
    CHECK(d[2].p90 == 9);
    CHECK(d[2].greatest == 10);
    const auto whole = difference(snapshot(), s, 2000);
    CHECK(whole[0].total == 12);
    CHECK(whole[2].greatest == 1'000'000);
    CHECK(whole[2].p50 == 1'000'000);
}

TEST_CASE("A fact of bring-up is counted since power-on") {
    const metric_info ready{"ready_at", "ps", "", metric_info::counter};
    test::fresh_kernel kernel;
    auto& s = kernel.session();
    s.bind_counter("a.ready_at", ready).add(700);
    s.bind_counter("b.frames", frames).add(1);
    s.settle_order();
    const auto d = difference(snapshot(s, 1000), s, 2000);
    CHECK(d[0].total == 700);
    CHECK(d[1].total == 0);
}

TEST_CASE("A metric that is bound within the window is refused") {
    test::fresh_kernel kernel;
    auto& s = kernel.session();
    s.bind_counter("a", frames);
    const snapshot begin(s, 0);
    s.bind_counter("b", frames);
    CHECK_THROWS_AS(difference(begin, s, 1), std::logic_error);
}
