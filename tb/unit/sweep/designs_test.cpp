#include <algorithm>
#include <cmath>
#include <set>

#include <catch2/catch.hpp>

#include "sweep/designs/design.h"

using namespace nicteam::sweep;

TEST_CASE("a grid takes every combination once, the last axis changing first") {
    const auto design = grid();
    const levels axes{2, 3};
    REQUIRE(design->count(axes) == 6);
    std::vector<levels> all;
    for (std::uint64_t n = 0; n < 6; ++n) all.push_back(design->point(n, axes));
    CHECK(all == std::vector<levels>{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}});
    CHECK(design->count(levels(70, 2)) == UINT64_MAX);  // more than 64 bits hold
}

TEST_CASE("zip goes through all axes in step and refuses axes of different lengths") {
    const auto design = zip();
    CHECK(design->count({3, 3}) == 3);
    CHECK(design->point(2, {3, 3}) == levels{2, 2});
    CHECK(design->refusal({3, 3}).empty());
    CHECK(design->refusal({3, 2}) == "zip takes as many values of each parameter; one has 3, another 2");
}

TEST_CASE("of the points of a Latin hypercube one lies in each part of each axis") {
    for (const std::size_t count : {1u, 2u, 7u, 100u}) {
        const auto points = latin_hypercube(5)->points(count, 4);
        REQUIRE(points.size() == count);
        for (std::size_t axis = 0; axis < 4; ++axis) {
            std::set<std::size_t> parts;
            for (const coordinates& p : points) {
                CHECK((p[axis] >= 0 && p[axis] < 1));
                parts.insert(level_of(p[axis], count));
            }
            CHECK(parts.size() == count);
        }
    }
    CHECK(latin_hypercube(5)->points(9, 2) == latin_hypercube(5)->points(9, 2));
    CHECK(latin_hypercube(5)->points(9, 2) != latin_hypercube(6)->points(9, 2));
}

TEST_CASE("uniform points depend on the seed alone and fill each tenth about evenly") {
    const auto points = uniform(1)->points(10'000, 1);
    CHECK(points == uniform(1)->points(10'000, 1));
    std::vector<int> tenths(10);
    for (const coordinates& p : points) ++tenths[level_of(p[0], 10)];
    for (const int n : tenths) CHECK(std::abs(n - 1000) < 120);  // four standard deviations
}

TEST_CASE("each dyadic box of the first 2^k points of Sobol's sequence holds one, on every axis and pair of the first two") {
    const auto points = sobol()->points(256, 16);
    for (std::size_t axis = 0; axis < 16; ++axis) {
        std::set<std::size_t> parts;
        for (const coordinates& p : points) parts.insert(level_of(p[axis], 256));
        CHECK(parts.size() == 256);
    }
    std::set<std::pair<std::size_t, std::size_t>> boxes;
    for (const coordinates& p : points) boxes.emplace(level_of(p[0], 16), level_of(p[1], 16));
    CHECK(boxes.size() == 256);
    CHECK(sobol()->refusal(1, 17) == "sobol takes at most 16 parameters; there are 17");
}

TEST_CASE("a coordinate just below 1 stands for the last of the values") {
    for (const std::size_t n : {1u, 3u, 7u, 1000u, 999'999u}) CHECK(level_of(std::nextafter(1.0, 0.0), n) == n - 1);
}
