#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "nicteam/wire/cable.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;

namespace {

struct books {
    std::vector<heard> got;
    std::uint64_t frames, arrived, lost, damaged, duplicated, reordered, oversize, queue;
};

books drive(const cable_config& c, int n, ps period, std::size_t octets, std::uint64_t seed = 1) {
    fresh_kernel k(seed);
    scripted_end a("a"), b("b");
    cable lan("lan", c, a, b);
    for (int i = 0; i < n; ++i) a.add(i * period, octets);
    sc_core::sc_start(sim::to_sc_time(n * period + 20 * millisecond));
    const auto metric = [&](const char* name) { return counted_at(k.session(), std::string("lan.a_to_b.") + name); };
    // Nothing overlaps at the far end, and the gap is kept.
    for (std::size_t i = 1; i < b.got.size(); ++i) REQUIRE(b.got[i].first >= b.got[i - 1].last + octets_time(13, c.rate));
    for (const heard& h : b.got) REQUIRE(h.ended == h.last);
    books s{b.got, metric("frames"), metric("arrived"), metric("lost"), metric("damaged"), metric("duplicated"), metric("reordered"), metric("lost_oversize"), metric("lost_queue")};
    CHECK(s.arrived == b.got.size());
    CHECK(s.frames + s.duplicated == s.arrived + s.lost + s.oversize + s.queue);
    return s;
}

}  // namespace

TEST_CASE("the share of lost frames is the ratio and repeats exactly") {
    cable_config c;
    c.a_to_b.loss = probability_one / 10;
    const books s = drive(c, 5'000, 7 * microsecond, 64);
    CHECK(s.lost == Approx(500).margin(4 * std::sqrt(5'000 * 0.09)));
    CHECK(drive(c, 5'000, 7 * microsecond, 64).got == s.got);
    CHECK_FALSE(drive(c, 5'000, 7 * microsecond, 64, 2).got == s.got);
}

TEST_CASE("the share of wrong bits is the ratio and wrong frames are marked bad") {
    cable_config c;
    c.a_to_b.bit_error_ratio = probability_one / 20'000;
    const books s = drive(c, 2'000, 50 * microsecond, 500);
    std::uint64_t wrong_bits = 0, wrong_frames = 0;
    for (std::size_t n = 0; n < s.got.size(); ++n) {
        const heard& h = s.got[n];
        CHECK(h.at_begin == h.data);   // who reads early reads the damaged octets already
        std::uint64_t wrong = 0;
        for (std::size_t i = 0; i < 496; ++i) {
            unsigned x = h.data[i] ^ static_cast<std::uint8_t>(n * 17 + i);
            for (; x; x &= x - 1) ++wrong;
        }
        wrong_bits += wrong;
        wrong_frames += h.quality == wire_end::bad_fcs;
        if (wrong) REQUIRE(h.quality == wire_end::bad_fcs);
    }
    CHECK(wrong_frames == s.damaged);
    CHECK(static_cast<double>(wrong_bits) == Approx(2'000 * 496 * 8 / 20'000.0).epsilon(0.2));
    CHECK(static_cast<double>(wrong_frames) == Approx(2'000 * (1 - std::pow(1 - 1 / 20'000.0, 4'000))).epsilon(0.2));
}

TEST_CASE("a duplicate comes right behind the frame") {
    cable_config c;
    c.a_to_b.duplication = probability_one / 4;
    const books s = drive(c, 2'000, 20 * microsecond, 64);
    CHECK(s.duplicated == Approx(500).margin(4 * std::sqrt(2'000 * 0.1875)));
    std::uint64_t twice = 0;
    for (std::size_t i = 1; i < s.got.size(); ++i)
        if (s.got[i].data == s.got[i - 1].data) {
            ++twice;
            CHECK(s.got[i].first == s.got[i - 1].first + octets_time(84, c.rate));
        }
    CHECK(twice == s.duplicated);
}

TEST_CASE("duplicates on a full line push later frames back until the queue is full") {
    cable_config c;
    c.a_to_b.duplication = probability_one;
    c.impairment_queue = 10;
    const books s = drive(c, 200, 6'720'000, 64);
    CHECK(s.queue > 80);
    CHECK(s.arrived < 220);
}

TEST_CASE("a frame held back is overtaken by as many as asked for") {
    cable_config c;
    c.a_to_b.reordering = probability_one / 50;
    c.reorder_frames = 2;
    const books s = drive(c, 2'000, 6'720'000, 64);
    CHECK(s.reordered > 10);
    std::uint64_t late = 0;
    std::vector<int> order;
    for (const heard& h : s.got) order.push_back(h.data[0]);
    for (std::size_t i = 2; i < order.size(); ++i) {
        const auto step = static_cast<std::uint8_t>(order[i] - order[i - 1]);
        if (step == static_cast<std::uint8_t>(-2 * 17)) ++late;   // n - 1, n, then n - 2
    }
    CHECK(late > s.reordered / 2);
    CHECK(s.arrived == 2'000);
}

TEST_CASE("a frame held back goes on by itself when nothing overtakes it") {
    cable_config c;
    c.a_to_b.reordering = probability_one;
    c.reorder_time = 300 * microsecond;
    const books s = drive(c, 1, microsecond, 64);
    REQUIRE(s.got.size() == 1);
    CHECK(s.got[0].first == 71 * 80'000 + c.delay + c.reorder_time);
}

TEST_CASE("a frame longer than the link carries is lost and counted") {
    cable_config c;
    c.max_frame = 1518;
    CHECK(drive(c, 3, 200 * microsecond, 1518).oversize == 0);
    CHECK(drive(c, 3, 200 * microsecond, 1519).oversize == 3);
}
