#include <vector>

#include <catch2/catch.hpp>

#include "nicteam/offload/engine_health.h"

using nicteam::offload::engine_health;
using finding = engine_health::finding;

TEST_CASE("engines that stick are out of use after as many failures in a row as were set") {
    engine_health h({3, 0});
    h.stick(true);
    CHECK(h.next(0).what == finding::stuck);
    CHECK(h.next(0).what == finding::stuck);
    h.stick(false);
    CHECK(h.next(0).what == finding::good);         // the row is broken
    h.stick(true);
    for (int n = 0; n < 3; ++n) CHECK(h.next(0).what == finding::stuck);
    CHECK(h.out_of_use());
    h.stick(false);
    CHECK(h.next(0).what == finding::out_of_use);   // also when they would work again
    h.reset(0);
    CHECK(h.next(0).what == finding::good);
}

TEST_CASE("when engines were out of use is written down") {
    engine_health h({2, 0});
    h.stick(true);
    for (const nicteam::ps at : {10, 20, 30}) h.next(at);
    h.reset(40);
    h.reset(45);                                   // nothing to end
    h.next(50);
    h.stick(false);
    h.next(60);
    h.stick(true);
    h.next(70);
    h.next(80);
    REQUIRE(h.outages().size() == 2);
    CHECK(h.outages()[0].from == 20);
    CHECK(h.outages()[0].until == 40);
    CHECK(h.outages()[1].from == 80);
    CHECK(h.outages()[1].until == nicteam::never);
}

TEST_CASE("what engines work out wrong only a self-test finds") {
    engine_health none({2, 0});
    none.spoil(true);
    for (int n = 0; n < 100; ++n) CHECK(none.next(0).what == finding::wrong);
    engine_health fourth({2, 4});
    fourth.spoil(true);
    std::vector<finding> seen;
    for (int n = 0; n < 6; ++n) seen.push_back(fourth.next(0).what);
    CHECK(seen == std::vector<finding>{finding::wrong, finding::wrong, finding::wrong, finding::found_wrong, finding::wrong, finding::wrong});
    engine_health each({2, 1});
    each.spoil(true);
    CHECK(each.next(0).what == finding::found_wrong);
    CHECK(each.next(0).what == finding::found_wrong);
    CHECK(each.next(0).what == finding::out_of_use);
}

TEST_CASE("no number of failures puts engines out of use when that is asked for") {
    engine_health h({0, 1});
    h.stick(true);
    for (int n = 0; n < 1'000; ++n) CHECK(h.next(0).what == finding::stuck);
    CHECK_FALSE(h.out_of_use());
}

TEST_CASE("slow engines take so many times their clocks, of several at once the most, and nothing else changes") {
    engine_health h({3, 0});
    h.slow(true, 4);
    CHECK_FALSE(h.untroubled());
    CHECK(h.next(0).times == 4);
    h.slow(true, 9);
    CHECK(h.next(0).times == 9);
    h.slow(true, 4);
    h.slow(false, 9);
    h.slow(false, 4);
    CHECK(h.next(0).times == 4);
    CHECK(h.next(0).what == finding::good);
    h.slow(false, 4);
    CHECK(h.untroubled());
    CHECK(h.next(0).times == 1);
}
