// Probes and heartbeats between members, against closed forms.
#include <catch2/catch.hpp>

#include <cmath>

#include "simulated_network.h"
#include "team/monitors/between_members.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr ps ms = millisecond;

monitor_config beats(ps h, unsigned k, ps wait = ms) {
    monitor_config c;
    c.miimon = 0, c.heartbeat_interval = h, c.heartbeat_misses = k, c.heartbeat_wait = wait;
    return c;
}

monitor_config probing(ps send, ps check, unsigned retries) {
    monitor_config c;
    c.miimon = 0, c.probe_enable = true, c.probe_send_time = send, c.check_time = check, c.max_retries = retries;
    return c;
}

}  // namespace

TEST_CASE("Heartbeat: a dead path with its link up is known between (k - 1) h and k h, and the wait, on average (k - 1/2) h") {
    random_stream random(5, "test", "phases");
    for (const unsigned members : {3u, 5u})
        for (const unsigned k : {1u, 3u, 6u}) {
            const ps h = 50 * ms, wait = 2 * ms;
            double sum = 0;
            constexpr int runs = 600;
            for (int i = 0; i < runs; ++i) {
                simulated_team t(members, {}, beats(h, k, wait));
                simulated_network net(t);
                t.start();
                t.run_to(second + random.between(1, h));
                const ps fault = t.now;
                net.path[0] = false;
                t.run_for(second);
                REQUIRE(t.active() == 1);
                const ps t_d = t.moves.back().at - fault - wait;
                REQUIRE(t_d > (k - 1) * h - ms);           // a beat on its way when the path dies is lost too: delay 0.1 ms
                REQUIRE(t_d <= k * h);
                sum += static_cast<double>(t_d) / static_cast<double>(h);
                for (unsigned m = 1; m < members; ++m) REQUIRE(t.monitors[0]->good(m));
                net.path[0] = true;
                t.run_for(h + wait);
                REQUIRE(t.monitors[0]->good(0));
            }
            CHECK(std::abs(sum / runs - (k - 0.5)) < 4 / std::sqrt(12.0 * runs) + 0.01);
        }
}

TEST_CASE("Heartbeat: a beat that waits in its member's own ring is not missed while that ring moves") {
    const ps h = 10 * ms, wait = 2 * ms, stall = 45 * ms;
    monitor_config c = beats(h, 2, wait);
    c.heartbeat_stall = stall;
    const auto beats_of = [](const simulated_team& t, unsigned m, ps since) {
        return std::count_if(t.frames.begin(), t.frames.end(), [&](const auto& f) { return f.member == m && f.at > since; });
    };
    simulated_team t(3, {}, c);
    simulated_network net(t);
    net.lost = [&](unsigned m) { return !t.backlog.empty() && t.backlog[m]; };          // not out yet
    t.start();
    t.run_to(101 * ms);
    t.backlog = {false, true, false};
    for (unsigned n = 0; n < 50; ++n) {
        t.run_for(h);
        t.all[1].told_sent = t.now;
        REQUIRE(t.monitors[0]->good(1));
    }
    CHECK(beats_of(t, 1, 101 * ms) == 1);                  // no other behind it
    CHECK(beats_of(t, 0, 101 * ms) == 50);

    SECTION("it moves no more") {
        const ps since = t.now;
        t.run_to(since + stall);
        CHECK(t.monitors[0]->good(1));
        t.run_to(since + stall + 2 * h + wait);
        CHECK(!t.monitors[0]->good(1));
        CHECK(t.monitors[0]->good(0));
        t.backlog.clear();                                 // and again: what it has left behind is not heard, the next one is
        t.tell_left(1, t.now);
        t.run_for(2 * h + wait);
        CHECK(t.monitors[0]->good(1));
    }
    SECTION("other frames of the team's own that find no place say nothing of it") {
        const std::vector<std::uint8_t> other(60);
        for (unsigned n = 0; n < 10; ++n) {
            t.monitors[0]->lost(1, {{other.data(), other.size()}, 60}, t.now);
            t.run_for(h);
            t.all[1].told_sent = t.now;
            REQUIRE(t.monitors[0]->good(1));
        }
        CHECK(beats_of(t, 1, 101 * ms) == 1);
    }
    SECTION("it finds no place itself: missed, and the next is sent") {
        const auto last = std::find_if(t.frames.rbegin(), t.frames.rend(), [](const auto& f) { return f.member == 1; });
        REQUIRE(last != t.frames.rend());
        t.monitors[0]->lost(1, {{last->octets.data(), last->octets.size()}, 60}, t.now);
        t.run_for(2 * h);
        CHECK(beats_of(t, 1, 101 * ms) == 2);
    }
    SECTION("it has left, and is judged by when it did") {
        t.run_for(h - wait);                               // within the wait of the tick
        t.tell_left(1, t.now);
        t.backlog.clear();
        t.run_for(5 * h);
        CHECK(t.monitors[0]->good(1));                     // missed once
    }
    SECTION("what leaves is not heard: its path is dead") {
        net.path[1] = false;
        t.backlog.clear();
        t.tell_left(1, t.now);
        const ps since = t.now;
        t.run_to(since + 3 * h + wait);
        CHECK(!t.monitors[0]->good(1));
        CHECK(t.monitors[0]->decided_at(1) > since + h);
    }
}

TEST_CASE("Heartbeat: false alarms by loss p come once in h (1 - p^k) / (p^k (1 - p))") {
    random_stream random(6, "test", "loss");
    for (const unsigned k : {2u, 3u}) {
        const double p = 0.3;
        const ps h = 50 * ms;
        simulated_team t(3, {}, beats(h, k));
        simulated_network net(t);
        net.lost = [&](unsigned m) { return m == 2 && random.chance(probability_one / 10 * 3); };
        t.start();
        unsigned alarms = 0, good_periods = 0;
        bool was_good = true;
        for (unsigned i = 0; i < 150'000; ++i) {
            t.run_for(h);
            const bool good = t.monitors[0]->good(2);
            alarms += was_good && !good;
            good_periods += was_good;
            was_good = good;
        }
        const double expected = (1 - std::pow(p, k)) / (std::pow(p, k) * (1 - p)), measured = static_cast<double>(good_periods) / alarms;
        CHECK(std::abs(measured / expected - 1) < 5 / std::sqrt(alarms));
        CHECK(alarms > 1000);
        CHECK(t.monitors[0]->good(0));
    }
}

TEST_CASE("Heartbeat of two members: when neither is heard, the one that takes in nothing has failed - if both do, none") {
    for (const bool others : {true, false}) {
        simulated_team t(2, {}, beats(50 * ms, 3));
        simulated_network net(t);
        t.start();
        t.run_for(second);
        net.path[0] = false;
        for (unsigned i = 0; i < 30; ++i) {
            if (others) net.broadcast(datagram(0, own_mac(60), packet::broadcast_mac));
            t.run_for(20 * ms);
        }
        CHECK(t.active() == (others ? 1 : 0));
        CHECK(t.monitors[0]->good(1));
        net.path[0] = true;
        t.run_for(200 * ms);
        CHECK(t.monitors[0]->good(0));
    }
}

TEST_CASE("Heartbeat: all paths dead at once condemn nobody - a device that is gone is bad at once") {
    simulated_team t(4, {}, beats(50 * ms, 2));
    simulated_network net(t);
    t.start();
    t.run_for(second);
    net.path.assign(4, false);
    t.run_for(second);
    CHECK(t.active() == 0);
    net.path.assign(4, true);
    t.run_for(second);
    t.remove(0);
    CHECK(t.active() == 1);
    t.insert(0, own_mac(40));
    t.run_for(second);
    CHECK(t.monitors[0]->good(0));
}

TEST_CASE("Heartbeat: a beat that comes back to its sender, is late or is of another team is not heard") {
    for (const unsigned kind : {0u, 1u, 2u}) {
        simulated_team t(3, {}, beats(50 * ms, 3));
        simulated_network net(t);
        t.start();
        t.run_for(second);
        net.path[0] = false;
        for (std::uint32_t beat = 21; beat < 40; ++beat) {
            t.run_for(50 * ms - 1);
            between_members b{kind == 2 ? own_mac(7) : own_mac(0), 0, kind == 1 ? beat - 4 : beat};
            t.run_for(1);
            t.receive(kind == 0 ? 0 : 1, b.frame(heartbeat_type, heartbeat_group, own_mac(0)));
        }
        CHECK_FALSE(t.monitors[0]->good(0));
        t.run_for(25 * ms);
        t.receive(1, between_members{own_mac(0), 0, 40}.frame(heartbeat_type, heartbeat_group, own_mac(0)));
        CHECK(t.monitors[0]->good(0));             // this one is
    }
}

TEST_CASE("Probes: a member that takes in nothing has failed after 1 + max_retries looks that found nothing") {
    random_stream random(8, "test", "phases");
    const ps check = 200 * ms;
    for (const unsigned retries : {0u, 3u})
        for (int i = 0; i < 200; ++i) {
            simulated_team t(3, {}, probing(100 * ms, check, retries));
            simulated_network net(t);
            t.start();
            t.run_to(second + random.between(1, check));
            const ps fault = t.now;
            net.path[0] = false;
            t.run_for(3 * second);
            REQUIRE(t.active() == 1);
            const ps t_d = t.moves.back().at - fault;
            REQUIRE(t_d > (retries + 1) * check - ms);     // a probe comes at the beginning of each interval between looks
            REQUIRE(t_d <= (retries + 2) * check);
            REQUIRE((t.moves.back().at % check) == 0);
            net.path[0] = true;
            t.run_for(100 * ms);
            REQUIRE(t.monitors[0]->good(0));
        }
}

TEST_CASE("Probes: any frame is a sign of life - fewer than three members are not tested and send nothing") {
    simulated_team t(3, {}, probing(second, 200 * ms, 10));
    simulated_network net(t);
    t.start();
    t.run_for(500 * ms);
    CHECK_FALSE(t.receive(0, between_members{own_mac(0), 1, 1}.frame(probe_type, packet::broadcast_mac, own_mac(1))));
    CHECK(t.receive(0, between_members{{2, 0, 0, 0, 7, 7}, 1, 1}.frame(probe_type, packet::broadcast_mac, own_mac(70))));     // another team's: goes on to the mode
    net.path.assign(3, false);
    for (int i = 0; i < 100; ++i) {
        t.receive(0, datagram());
        t.run_for(100 * ms);
    }
    CHECK(t.monitors[0]->good(0));
    CHECK_FALSE(t.monitors[0]->good(1));
    t.remove(2);
    CHECK(t.monitors[0]->good(1));
    t.frames.clear();
    t.run_for(20 * second);
    CHECK(t.monitors[0]->good(1));
    CHECK(t.frames.empty());
}

TEST_CASE("Frames between members: type, addresses, least length - their groups are told") {
    simulated_team t(3, {}, probing(second, second, 1));
    t.start();
    REQUIRE(t.frames.size() == 3);
    for (unsigned m = 0; m < 3; ++m) {
        const bytes& f = t.frames[m].octets;
        CHECK(f.size() == 60);
        CHECK((f[12] == 0x88 && f[13] == 0x6D));
        CHECK(std::equal(f.begin() + 6, f.begin() + 12, own_mac(m).begin()));
        CHECK((f[0] & 1));
    }
    monitor_config c = probing(second, second, 1);
    CHECK(groups_of(c, {}).empty());
    c.probe_address = probe_address::multicast;
    c.heartbeat_interval = second;
    mode_config ad;
    ad.mode = mode_kind::ieee_802_3ad;
    CHECK(groups_of(c, {}) == std::vector<mac_address>{probe_group, heartbeat_group});
    CHECK(groups_of(c, ad).size() == 3);
}
