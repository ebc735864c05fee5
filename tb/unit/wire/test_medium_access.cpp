#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "nicteam/wire/medium_access.h"

using namespace nicteam;
using namespace nicteam::wire;

namespace {
constexpr ps octet = 80'000;
}

TEST_CASE("the n-th back-off is uniform over 2^min(n 10) slots") {
    random_stream r(7, "station", "backoff");
    for (unsigned n = 1; n <= 15; ++n) {
        const std::uint64_t limit = std::uint64_t{1} << std::min(n, 10u);
        std::vector<unsigned> hits(limit);
        const unsigned draws = static_cast<unsigned>(40 * limit);
        for (unsigned i = 0; i < draws; ++i) {
            medium_access m([&](std::uint64_t below) { return r.below(below); });
            for (unsigned k = 0; k < n; ++k) REQUIRE(m.collided(0, 10 * octet) == collision_outcome::back_off);
            const ps wait = m.back_off(100 * octet) - 101 * octet;
            REQUIRE(wait % m.slot() == 0);
            REQUIRE(wait / m.slot() < static_cast<ps>(limit));
            ++hits[static_cast<std::size_t>(wait / m.slot())];
        }
        double chi = 0;
        for (const unsigned h : hits) chi += (h - 40.0) * (h - 40.0) / 40.0;
        INFO(n);
        CHECK(chi < static_cast<double>(limit - 1) + 5 * std::sqrt(2.0 * static_cast<double>(limit)));
    }
}

TEST_CASE("the sixteenth collision is the last and one behind the first slot is late") {
    medium_access m([](std::uint64_t) { return 0; });
    for (unsigned n = 1; n < 16; ++n) CHECK(m.collided(0, 64 * octet) == collision_outcome::back_off);
    CHECK(m.collided(0, 64 * octet) == collision_outcome::too_many);
    m.next_frame();
    CHECK(m.collided(0, 65 * octet) == collision_outcome::late);
    m.next_frame();
    CHECK(m.collisions() == 0);
    CHECK(m.collided(0, octet) == collision_outcome::back_off);
}

TEST_CASE("carrier between two edges is not seen") {
    medium_access m([](std::uint64_t) { return 0; });
    m.carrier_on(1000 * octet + 10);
    CHECK(m.start(1000 * octet) == 1000 * octet);
    CHECK(m.start(1001 * octet) == never);
    m.carrier_off(1000 * octet + 20);
    CHECK(m.start(1001 * octet) == 1001 * octet);
}

TEST_CASE("what was ready at the very edge at which carrier comes begins and collides") {
    medium_access m([](std::uint64_t) { return 0; });
    m.carrier_on(50 * octet);
    CHECK(m.start(50 * octet) == 50 * octet);
    CHECK(m.start(51 * octet) == never);
    CHECK(m.collision(50 * octet, 200 * octet) == 51 * octet);
    CHECK(m.collision(40 * octet, 50 * octet) == never);      // its last octet passed before anything was seen
}

TEST_CASE("the gap runs from the last edge that saw carrier or the own transmission and has the length that was set") {
    for (const unsigned gap : {8u, 12u, 13u, 24u}) {
        medium_access m([](std::uint64_t) { return 0; });
        m.setup(clock_domain(octet), gap);
        CHECK(m.gap() == gap * octet);
        m.carrier_on(1000 * octet + 10);
        m.carrier_off(1100 * octet + 10);
        CHECK(m.start(1101 * octet) == (1100 + gap) * octet);
        CHECK(m.start((1101 + gap) * octet) == (1101 + gap) * octet);
        m.ended(2000 * octet);
        CHECK(m.start(2001 * octet) == (2001 + gap) * octet);
    }
}

TEST_CASE("carrier in the first two parts of three of the gap begins it anew and in the third no more") {
    constexpr unsigned gap = 12;
    for (unsigned into = 1; into < gap; ++into) {
        medium_access m([](std::uint64_t) { return 0; });
        m.setup(clock_domain(octet), gap);
        m.ended(999 * octet);
        m.carrier_on((1000 + into) * octet);
        INFO(into);
        CHECK(m.start(1001 * octet) == (into >= gap * first_part_of_gap / parts_of_gap ? (1000 + gap) * octet : never));
    }
}
