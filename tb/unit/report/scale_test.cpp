#include <catch2/catch.hpp>

#include <cmath>

#include "nicteam/base/time.h"
#include "report/page/scale.h"

using namespace nicteam;
using report::scale;

TEST_CASE("Ticks are round values within the axis, few, with a unit") {
    const scale s = scale::linear(scale::of::time, millisecond, 12 * millisecond);
    REQUIRE(s.ticks().size() == 6);
    CHECK(s.ticks().front().text == "2 ms");
    CHECK(s.ticks().back().text == "12 ms");
    CHECK(s.ticks().back().place == scale::whole);
    CHECK(scale::linear(scale::of::bits_per_second, 0, 93'000'000, true).ticks().back().text == "100 Mb/s");
    CHECK(scale::linear(scale::of::percent, 0, 100).ticks().back().text == "100 %");
    for (std::int64_t span = 1; span < 1'000'000'000'000; span = span * 3 + 1) {
        const auto n = scale::linear(scale::of::time, 0, span).ticks().size();
        CHECK((n >= 2 && n <= 8));
    }
}

TEST_CASE("A logarithmic axis is where the logarithm is") {
    for (const auto& [low, high] : {std::pair<std::int64_t, std::int64_t>{1, 1'000'000}, {9'700'000, 152'000'000}, {3, 5'000'000'000'000}}) {
        const scale s = scale::logarithmic(scale::of::time, low, high);
        CHECK(s.place(low) == 0);
        CHECK(s.place(high) == scale::whole);
        CHECK(s.place(high * 2) == scale::whole);
        CHECK(s.ticks().size() >= 3);
        for (double v = static_cast<double>(low); v <= static_cast<double>(high); v *= 1.37) {
            const auto whole = static_cast<std::int64_t>(v);
            const double right = std::log(static_cast<double>(whole) / static_cast<double>(low)) /
                                 std::log(static_cast<double>(high) / static_cast<double>(low)) * 10'000;
            CHECK(std::abs(static_cast<double>(s.place(whole)) - right) < 3);
        }
    }
    CHECK(scale::logarithmic(scale::of::time, 100, 700).place(400) == 5'000);      // too little between them: linear
}

TEST_CASE("An axis around values has room at both sides and round ticks that differ") {
    for (const std::int64_t value : {std::int64_t{1}, std::int64_t{40}, std::int64_t{7'939'000}, std::int64_t{3'000'000'000'000}}) {
        const scale alone = scale::around(scale::of::time, value, value);
        CAPTURE(value);
        CHECK(alone.place(value) > 3'000);
        CHECK(alone.place(value) < 7'000);
        REQUIRE(alone.ticks().size() >= 2);
        CHECK(alone.ticks()[0].text != alone.ticks()[1].text);
    }
    const scale s = scale::around(scale::of::time, 1'000'000, 2'000'000);
    CHECK(s.place(1'000'000) > 0);
    CHECK(s.place(2'000'000) < scale::whole);
    CHECK(s.place(2'000'000) - s.place(1'000'000) > 8'000);
    const scale wide = scale::around(scale::of::time, 1'000, 1'000'000'000);
    CHECK(wide.place(1'000) > 0);
    CHECK(wide.place(1'000'000'000) < scale::whole);
    CHECK(wide.place(1'000'000) > 4'000);                                          // logarithmic
}
