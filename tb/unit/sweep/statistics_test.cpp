// Held to figures of printed tables and to cases worked out by hand.
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "sweep/statistics/effects.h"
#include "nicteam/sweep/interval.h"
#include "sweep/statistics/pareto.h"

using namespace nicteam::sweep;

TEST_CASE("Student's factors are those of the printed table") {
    const struct {
        double degrees, confidence, factor;
    } table[] = {{1, 0.95, 12.706}, {2, 0.95, 4.303}, {4, 0.95, 2.776}, {9, 0.95, 2.262}, {29, 0.95, 2.045}, {9, 0.99, 3.250}, {9, 0.90, 1.833}};
    for (const auto& row : table) CHECK(student_factor(row.degrees, row.confidence) == Approx(row.factor).margin(0.0005));
}

TEST_CASE("an interval about the mean of five figures, by hand") {
    const interval i = interval_of({2, 4, 4, 4, 6});  // squares 4 + 0 + 0 + 0 + 4, deviation sqrt(2)
    CHECK(i.mean == 4);
    CHECK(i.deviation == Approx(std::sqrt(2.0)));
    CHECK(i.half_width == Approx(2.776 * std::sqrt(2.0) / std::sqrt(5.0)).epsilon(0.001));
    CHECK(i.excludes(6));
    CHECK_FALSE(i.excludes(3));
}

TEST_CASE("one figure has no interval, none has no mean, equal ones have a width of 0") {
    CHECK(std::isnan(interval_of({3}).half_width));
    CHECK(interval_of({3}).mean == 3);
    CHECK(std::isnan(interval_of({}).mean));
    CHECK(interval_of({3, 3, 3}).half_width == 0);
    for (const double x : {0.1, 81.92, 1.0 / 3}) {  // whose sums are rounded
        CHECK(interval_of({x, x, x}).half_width == 0);
        CHECK(interval_of({x, x, x, x, x, x}).mean == x);
        CHECK(interval_of({x, x, x * (1 + 1e-12)}).half_width > 0);
    }
    CHECK_FALSE(interval_of({3}).excludes(100));
}

TEST_CASE("paired differences lose what both share") {
    const std::vector<double> noise{10, 90, 40, 70};
    std::vector<double> a, b;
    for (const double n : noise) a.push_back(n + 1), b.push_back(n);
    CHECK(paired_difference(a, b).mean == 1);
    CHECK(paired_difference(a, b).half_width == 0);
    CHECK(paired_difference(a, b).excludes(0));
    CHECK(paired_difference({0.3, 0.5, 1.1}, {0.1, 0.3, 0.9}).half_width == 0);  // 0.2 each, but for the last digit
    CHECK(paired_difference({0.3, 0.5, 1.1}, {0.1, 0.3, 0.9 + 1e-9}).half_width > 0);
    CHECK_FALSE(difference(a, b).excludes(0));
}

TEST_CASE("Welch's interval, by hand") {
    // Variances 1 and 29 / 3 of means 2 and 5.5: standard error sqrt(1/3 + 29/12), degrees (2.75)^2 / ((1/9)/2 + (841/144)/3) = 3.77.
    const interval i = difference({1, 2, 3}, {2, 4, 7, 9});
    CHECK(i.mean == -3.5);
    CHECK(i.deviation == Approx(std::sqrt(2.75)));
    CHECK(i.half_width == Approx(student_factor(2.75 * 2.75 / (1 / 18.0 + 841 / 432.0), 0.95) * std::sqrt(2.75)));
}

TEST_CASE("the trade-off front, by hand") {
    const std::vector<aim> objectives{aim::maximise, aim::minimise};
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    const std::vector<std::vector<double>> points{{10, 5}, {12, 5}, {12, 9}, {20, 9}, {12, 5}, {unknown, 1}};
    CHECK(dominated_by(points, objectives) == std::vector<std::size_t>{2, 0, 3, 0, 0, unknown_point});
}

TEST_CASE("main effects are means by level, the greatest swing first") {
    const std::vector<std::vector<std::string>> values{{"1", "slow"}, {"2", "slow"}, {"1", "fast"}, {"2", "fast"}};
    const auto all = main_effects(values, {10, 12, 30, 32});
    REQUIRE(all.size() == 2);
    CHECK(all[0].parameter == 1);
    CHECK(all[0].swing == 20);
    CHECK(all[1].swing == 2);
    CHECK(all[0].levels[1].value == "fast");
    CHECK(all[0].levels[1].mean == 31);
    CHECK(main_effects(values, {10, std::nan(""), 30, 32})[1].levels[1].points == 1);
}
