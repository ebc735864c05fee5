#include <catch2/catch.hpp>

#include <memory>

#include "nicteam/wire/cable.h"
#include "unit/elaborate.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;

TEST_CASE("a frame arrives one delay later with its plan moved and its octets unchanged") {
    for (const ps delay : {ps{0}, 56 * nanosecond, 3 * millisecond}) {
        fresh_kernel k;
        scripted_end a("a"), b("b");
        cable_config c;
        c.delay = delay;
        cable lan("lan", c, a, b);
        a.add(1'000'000, 64);
        a.add(1'000'000 + 6'720'000, 1518, 160'000);   // told of two octet times early
        b.add(2'000'000, 100);
        sc_core::sc_start(sc_core::sc_time(10, sc_core::SC_MS));
        REQUIRE(b.got.size() == 2);
        CHECK(b.got[0].begun == 1'000'000 + delay);
        CHECK(b.got[0].first == 1'000'000 + delay);
        CHECK(b.got[0].last == 1'000'000 + delay + 71 * 80'000);
        CHECK(b.got[0].ended == b.got[0].last);
        CHECK(b.got[0].octets == 72);
        CHECK(b.got[0].quality == wire_end::good);
        CHECK(b.got[0].data.size() == 64);
        CHECK(b.got[1].begun == 7'560'000 + delay);
        CHECK(b.got[1].first == 7'720'000 + delay);
        REQUIRE(a.got.size() == 1);
        CHECK(a.got[0].first == 2'000'000 + delay);
        CHECK(counted_at(k.session(), "lan.a_to_b.frames") == 2);
        CHECK(counted_at(k.session(), "lan.a_to_b.arrived") == 2);
        CHECK(counted_at(k.session(), "lan.a_to_b.octets") == 64 + 1518);
        CHECK(counted_at(k.session(), "lan.a_to_b.busy") == (84 + 1538) * 80'000);
        CHECK(counted_at(k.session(), "lan.b_to_a.frames") == 1);
    }
}

TEST_CASE("frame rates are those of the standard to the nanosecond") {
    // R / (8 (L + 20)) frames a second: the time of 1,000 frames back to back.
    struct { std::int64_t rate; std::uint32_t octets; double frames_per_second; } rows[] = {
        {100'000'000, 64, 148'809.5}, {100'000'000, 128, 84'459.5}, {100'000'000, 256, 45'289.9}, {100'000'000, 512, 23'496.2},
        {100'000'000, 1024, 11'973.2}, {100'000'000, 1280, 9'615.4}, {100'000'000, 1518, 8'127.4},
        {10'000'000, 64, 14'880.95}, {10'000'000, 1518, 812.74}, {1'000'000'000, 64, 1'488'095.2}, {2'500'000, 64, 3'720.24},
        {2'500'000, 1518, 203.186}, {2'500'000'000, 1518, 203'186}};
    for (const auto& row : rows) {
        fresh_kernel k;
        scripted_end a("a"), b("b");
        cable_config c;
        c.rate = row.rate;
        cable lan("lan", c, a, b);
        const ps period = octets_time(row.octets + 20, row.rate);
        const int n = 50;
        for (int i = 0; i < n; ++i) a.add(i * period, row.octets);
        sc_core::sc_start(sim::to_sc_time(n * period + microsecond));
        REQUIRE(b.got.size() == n);
        const ps measured = (b.got[n - 1].first - b.got[0].first) / (n - 1);
        CHECK(measured == static_cast<ps>(row.octets + 20) * 8 * (second / row.rate));
        CHECK(1e12 / static_cast<double>(measured) == Approx(row.frames_per_second).epsilon(1e-5));
    }
}

namespace {

struct kernel_events {
    // Time stamps at which anything ran, by stepping from one to the next.
    static unsigned count() {
        unsigned n = 0;
        elaborate();
        while (sc_core::sc_pending_activity_at_future_time()) {
            sc_core::sc_start(sc_core::sc_time_to_pending_activity());
            while (sc_core::sc_pending_activity_at_current_time()) sc_core::sc_start(sc_core::SC_ZERO_TIME);
            ++n;
        }
        return n;
    }
};

}  // namespace

TEST_CASE("a frame costs the cable two time stamps of its own") {
    fresh_kernel k;
    scripted_end a("a"), b("b");
    cable lan("lan", cable_config{}, a, b);
    for (int i = 1; i <= 100; ++i) a.add(i * 7 * microsecond, 64);
    const unsigned stamps = kernel_events::count();
    CHECK(stamps == 400);   // begin and end at the sender, begin and end at the far end
    CHECK(b.got.size() == 100);
}

TEST_CASE("order of construction moves nothing") {
    const auto run = [](bool reversed) {
        fresh_kernel k(7);
        std::unique_ptr<scripted_end> a, b;
        std::unique_ptr<cable> lan;
        cable_config c;
        c.a_to_b.loss = c.a_to_b.duplication = c.a_to_b.reordering = probability_one / 5;
        c.a_to_b.bit_error_ratio = probability_one / 5'000;
        if (reversed) {
            lan = std::make_unique<cable>("lan", c);
            b = std::make_unique<scripted_end>("b");
            a = std::make_unique<scripted_end>("a");
        } else {
            a = std::make_unique<scripted_end>("a");
            b = std::make_unique<scripted_end>("b");
            lan = std::make_unique<cable>("lan", c);
        }
        lan->connect(*a, *b);
        for (int i = 0; i < 300; ++i) a->add(i * 10 * microsecond, 64 + static_cast<std::size_t>(i) % 40);
        sc_core::sc_start(sc_core::sc_time(10, sc_core::SC_MS));
        return b->got;
    };
    const auto once = run(false);
    CHECK(once.size() > 200);
    CHECK(once == run(true));
    CHECK(once == run(false));
}

TEST_CASE("misuse of a cable is refused") {
    fresh_kernel k;
    scripted_end a("a"), b("b");
    cable lan("lan", cable_config{});
    CHECK_THROWS_WITH(lan.connect(a, a), Catch::Contains("both ends"));
    lan.connect(a, b);
    CHECK_THROWS_WITH(lan.connect(a, b), Catch::Contains("connected twice"));
    const auto f = frame::make();
    f->data.resize(64);
    a.line->begin(f, octet_plan(0, 72, 100'000'000));
    CHECK_THROWS_WITH(a.line->begin(f, octet_plan(0, 72, 100'000'000)), Catch::Contains("before the one before it has ended"));
}
