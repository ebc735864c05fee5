#include <catch2/catch.hpp>

#include "unit/peer/two_peers.h"

using namespace nicteam;
using namespace nicteam::test;
using packet::traffic_config;

TEST_CASE("a saturating peer fills the line to the nanosecond at every size") {
    struct { std::int64_t rate, size; ps period; } rows[] = {
        {100'000'000, 64, 6'720'000}, {100'000'000, 128, 11'840'000}, {100'000'000, 256, 22'080'000}, {100'000'000, 512, 42'560'000},
        {100'000'000, 1024, 83'520'000}, {100'000'000, 1280, 104'000'000}, {100'000'000, 1518, 123'040'000},
        {10'000'000, 64, 67'200'000}, {10'000'000, 1518, 1'230'400'000}, {1'000'000'000, 64, 672'000}, {1'000'000'000, 1518, 12'304'000}};
    for (const auto& row : rows) {
        wire::cable_config c;
        c.rate = row.rate;
        two_peers net(c);
        recorder seen;
        seen.attach(net.kernel.session(), "lan.a_to_b.wire");
        traffic_config t;
        t.frame_size = row.size;
        t.count = 20;
        net.a_sends(t);
        net.run(25 * row.period);
        REQUIRE(seen.items.size() == 20);
        for (std::size_t i = 0; i < 20; ++i)   // stamped with the first octet behind the preamble
            CHECK(seen.items[i].at == static_cast<ps>(i) * row.period + c.delay + 64 * (second / row.rate));
        CHECK(net.count("b.verified") == 20);
        CHECK(net.count("a.load.frames") == 20);
        CHECK(net.samples("b.latency").least() == c.delay + (row.size + 7) * 8 * (second / row.rate));
        CHECK(net.samples("b.latency").greatest() == net.samples("b.latency").least());
    }
}

TEST_CASE("timed traffic starts when due or when the line is free") {
    two_peers net;
    recorder seen;
    seen.attach(net.kernel.session(), "a.port");
    traffic_config slow;
    slow.pace = packet::traffic_pace::frames;
    slow.frames_per_second = 1'000;
    slow.frame_size = 64;
    slow.start = 3 * microsecond;
    slow.count = 3;
    net.a_sends(slow, "slow");
    traffic_config big;
    big.start = 1'003 * microsecond - 10'000;   // just ahead of the second slow frame
    big.count = 1;
    net.a_sends(big, "big");
    net.run(4 * millisecond);
    REQUIRE(seen.items.size() == 4);
    CHECK(seen.items[0].at == 3 * microsecond + 640'000);
    CHECK(seen.items[1].data.size() == 1518);
    CHECK(seen.items[2].at == big.start + 123'040'000 + 640'000);
    CHECK(seen.items[3].at == 2'003 * microsecond + 640'000);
    CHECK(net.samples("a.slow.late").greatest() == 123'040'000 - 10'000);
}

TEST_CASE("two saturating traffics share the line in turn") {
    two_peers net;
    traffic_config t;
    t.frame_size = 64;
    t.stream = 1;
    net.a_sends(t, "one");
    t.stream = 2;
    net.a_sends(t, "two");
    net.run(ps{1000} * 6'720'000);
    CHECK(net.count("a.one.frames") == 500);
    CHECK(net.count("a.two.frames") == 500);
    CHECK(net.count("b.skipped") == 0);
}

TEST_CASE("the same seed gives the same frames in any order of construction") {
    const auto run = [](bool reversed, std::uint64_t seed) {
        two_peers net({}, reversed, seed);
        recorder seen;
        seen.attach(net.kernel.session(), "lan.a_to_b.wire");
        traffic_config t;
        t.pace = packet::traffic_pace::rate;
        t.rate = 40'000'000;
        t.arrivals = packet::traffic_arrivals::poisson;
        t.sizes = packet::traffic_sizes::imix;
        net.a_sends(t);
        net.run(20 * millisecond);
        std::vector<std::pair<ps, bytes>> all;
        for (auto& i : seen.items) all.emplace_back(i.at, i.data);
        return all;
    };
    const auto once = run(false, 1);
    CHECK(once.size() > 150);
    CHECK(once == run(true, 1));
    CHECK_FALSE(once == run(false, 2));
}
