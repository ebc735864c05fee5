// A frame is born when its application makes it, waits in the peer's queue, and what is left there is counted.
#include <catch2/catch.hpp>

#include <map>

#include "unit/peer/two_peers.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct births : sim::packet_observer {
    std::vector<ps> at;
    void born(trace_id, trace_id, const std::string& where, std::uint32_t, ps t) override { if (where == "a") at.push_back(t); }
    void passed(trace_id, const stage_info&, const std::string&, ps) override {}
    void ended(trace_id, const outcome_info&, const std::string&, ps) override {}
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
};

const level& queue_of(two_peers& net, const char* path, ps now) {
    for (auto& m : net.kernel.session().metrics())
        if (m.path == path) {
            m.settle(now);
            return *m.as_level;
        }
    throw std::logic_error("no such queue");
}

packet::traffic_config paced(std::int64_t frames_per_second, std::int64_t count = 0) {
    packet::traffic_config t;
    t.pace = packet::traffic_pace::frames;
    t.frames_per_second = frames_per_second;
    t.frame_size = 1518;
    t.count = count;
    return t;
}

}  // namespace

TEST_CASE("a peer that is asked for twice its line makes frames by its own clock and holds those that it could not send") {
    births seen;
    two_peers net;
    net.kernel.session().observe(&seen);
    net.a_sends(paced(20'000));                                       // one each 50 us, the line takes one each 123.04 us
    const ps end = 10 * millisecond + 10 * microsecond;
    net.run(end);
    const std::uint64_t begun = seen.at.size(), made = 201;
    CHECK(begun == 82);
    for (std::size_t n = 0; n < begun; ++n) CHECK(seen.at[n] == static_cast<ps>(n) * 50 * microsecond);
    const level& queue = queue_of(net, "a.queue", end);
    CHECK(queue.value() == static_cast<std::int64_t>(made - begun));
    CHECK(queue.highest() == static_cast<std::int64_t>(made - begun));
    // Each frame from when it is made until it begins, or the end.
    __int128 waited = 0;
    for (std::uint64_t n = 0; n < made; ++n) waited += std::min<ps>(static_cast<ps>(n) * 123'040'000, end) - static_cast<ps>(n) * 50 * microsecond;
    CHECK(queue.integral(end) == waited);
}

TEST_CASE("a peer below its line has nothing in its queue and at line rate frames are made for the free line") {
    for (const bool line_rate : {false, true}) {
        births seen;
        two_peers net;
        net.kernel.session().observe(&seen);
        packet::traffic_config t = paced(5'000, 20);
        if (line_rate) {
            t.pace = packet::traffic_pace::line_rate;
            t.frames_per_second = 0;
        }
        net.a_sends(t);
        net.run(10 * millisecond);
        REQUIRE(seen.at.size() == 20);
        for (std::size_t n = 0; n < 20; ++n) CHECK(seen.at[n] == static_cast<ps>(n) * (line_rate ? 123'040'000 : 200 * microsecond));
        const level& queue = queue_of(net, "a.queue", 10 * millisecond);
        CHECK(queue.highest() == 0);
        CHECK(queue.value() == 0);
    }
}

TEST_CASE("frames of two sources wait in one queue") {
    two_peers net;
    net.a_sends(paced(1'000, 1), "one");
    net.a_sends(paced(1'000, 1), "other");
    net.run(millisecond);
    const level& queue = queue_of(net, "a.queue", millisecond);
    CHECK(queue.value() == 0);
    CHECK(queue.highest() == 1);
    CHECK(queue.integral(millisecond) == 123'040'000);
}

TEST_CASE("a station on a half duplex link tells how long it waited for the medium") {
    auto a = at("02:00:00:00:00:0a", "192.0.2.10"), b = at("02:00:00:00:00:0b", "192.0.2.11");
    a.duplex = b.duplex = peer::wire_duplex::half;
    two_peers net({}, false, 1, a, b);
    packet::traffic_config t = paced(1'000, 1);
    net.a_sends(t);
    t.start = 20 * microsecond;                                       // while the other is under way
    net.b->add_traffic("load", t, net.b->addresses_to(net.a->mac(), net.a->ip(), t));
    net.run(millisecond);
    constexpr ps octet = 80'000;
    for (const auto& m : net.kernel.session().metrics())
        if (m.settle) m.settle(millisecond);
    CHECK(net.count("a.waited") == 0);
    CHECK(net.count("b.waited") == (8 + 1518 + 12) * octet - 20 * microsecond);       // it begins at the first edge behind the gap
    CHECK(net.count("lan.contended") == 0);                                           // which the line takes for used
}
