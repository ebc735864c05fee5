// Which member carries what, by the team's mode.
#include <catch2/catch.hpp>

#include "nicteam/packet/arp.h"
#include "simulated_team.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

mode_config config(mode_kind k) {
    mode_config c;
    c.mode = k;
    return c;
}

monitor_config no_monitor() {
    monitor_config c;
    c.miimon = 0;
    return c;
}

simulated_team team_of(unsigned n, const mode_config& c, unsigned primary = no_member) {
    simulated_team t(n, c, no_monitor());
    if (primary != no_member) t.all[primary].primary = true;
    t.start();
    return t;
}

std::vector<unsigned> shares(simulated_team& t, unsigned frames, bool of_one_flow = false) {
    std::vector<unsigned> n(t.all.size());
    for (unsigned i = 0; i < frames; ++i) {
        const route r = t.choose(datagram(of_one_flow ? 7 : i));
        for (unsigned k = 0; k < r.count; ++k) ++n[r.to[k]];
    }
    return n;
}

bytes arp_request() {
    bytes f;
    packet::build_arp_request(f, own_mac(0), 0xC0000201, 0xC0000202);
    return f;
}

bytes with_patches(bytes f, const route& r) {
    for (unsigned i = 0; i < r.patched; ++i) std::copy(r.patches[i].mac.begin(), r.patches[i].mac.end(), f.begin() + r.patches[i].offset);
    return f;
}

mac_address source_of(const bytes& f) {
    mac_address m;
    std::copy_n(f.begin() + 6, 6, m.begin());
    return m;
}

}  // namespace

TEST_CASE("aft: all regular traffic through one member, none through the others, and what others bring is a copy") {
    simulated_team t = team_of(4, config(mode_kind::aft));
    CHECK(t.active() == 0);
    CHECK(t.the_mode->single_active());
    CHECK(shares(t, 100) == std::vector<unsigned>{100, 0, 0, 0});
    for (unsigned m = 0; m < 4; ++m) {
        CHECK(t.the_mode->carries(m) == (m == 0));
        CHECK(t.delivers(m, datagram()) == (m == 0));
    }
}

TEST_CASE("aft: a standby that is not known to be good is never switched to - with none left frames are dropped until one is good") {
    simulated_team t = team_of(3, config(mode_kind::aft));
    t.set_usable(1, false);
    t.set_usable(0, false);
    CHECK(t.active() == 2);
    t.set_usable(2, false);
    CHECK(t.active() == no_member);
    CHECK(t.choose(datagram()).count == 0);
    t.set_usable(1, true);
    CHECK(t.active() == 1);
    CHECK(shares(t, 5) == std::vector<unsigned>{0, 5, 0});
}

TEST_CASE("aft: a preferred primary takes its place back, one that was active by default does not") {
    for (const unsigned primary : {0u, no_member}) {
        simulated_team t = team_of(2, config(mode_kind::aft), primary);
        t.set_usable(0, false);
        CHECK(t.active() == 1);
        t.set_usable(0, true);
        CHECK(t.active() == (primary == 0 ? 0u : 1u));
    }
}

TEST_CASE("aft: the primary has been good for fail_back_delay when it takes over from one that works, but waits for nothing when none works") {
    mode_config c = config(mode_kind::aft);
    c.fail_back_delay = 1500 * millisecond;
    simulated_team t = team_of(3, c, 0);
    t.run_for(second);
    t.set_usable(0, false);
    t.run_for(second);
    t.set_usable(0, true);
    const ps back = t.now;
    t.run_for(1000 * millisecond);
    t.set_usable(0, false);                        // not long enough: the wait begins anew
    t.run_for(100 * millisecond);
    t.set_usable(0, true);
    t.run_for(1499 * millisecond);
    CHECK(t.active() == 1);
    t.run_for(2 * millisecond);
    CHECK(t.active() == 0);
    CHECK(t.moves.back().at == back + 2600 * millisecond);
    t.set_usable(0, false);
    t.set_usable(0, true);
    CHECK(t.active() == 1);
    t.set_usable(1, false);
    CHECK(t.active() == 0);
}

TEST_CASE("aft: the team's address goes with the active member, and no two members ever have the same, whatever fails, goes and comes") {
    random_stream random(7, "test", "team");
    for (unsigned round = 0; round < 200; ++round) {
        mode_config c = config(random.below(2) ? mode_kind::aft : mode_kind::alb);
        const unsigned n = 2 + static_cast<unsigned>(random.below(7));
        simulated_team t = team_of(n, c, random.below(2) ? static_cast<unsigned>(random.below(n)) : no_member);
        const mac_address team = own_mac(0);
        unsigned devices = n;
        for (unsigned step = 0; step < 60; ++step) {
            const unsigned m = static_cast<unsigned>(random.below(n));
            if (random.below(4)) t.set_usable(m, !t.all[m].usable && t.all[m].present);
            else if (t.all[m].present) {
                t.all[m].usable = false;
                t.remove(m);
            } else t.insert(m, random.below(3) ? own_mac(devices++) : own_mac(m));
            std::vector<mac_address> there;
            for (unsigned i = 0; i < n; ++i)
                if (t.all[i].present) there.push_back(t.address[i]);
            std::sort(there.begin(), there.end());
            REQUIRE(std::adjacent_find(there.begin(), there.end()) == there.end());
            const route r = t.choose(arp_request());
            REQUIRE(r.count == std::min<std::size_t>(1, std::count_if(t.all.begin(), t.all.end(), [](const member& x) { return x.usable; })));
            if (r.count) {
                REQUIRE(t.address[r.to[0]] == team);
                REQUIRE(r.patched == 0);
            }
        }
    }
}

TEST_CASE("active_backup: by fail_over_mac the members share the team's address, keep their own, or pass it on") {
    for (const fail_over_mac f : {fail_over_mac::none, fail_over_mac::active, fail_over_mac::follow}) {
        mode_config c = config(mode_kind::active_backup);
        c.fail_over_mac = f;
        simulated_team t = team_of(3, c);
        const mac_address a = own_mac(0), b = own_mac(1), d = own_mac(2);
        using list = std::vector<mac_address>;
        CHECK(t.address == (f == fail_over_mac::none ? list{a, a, a} : list{a, b, d}));
        t.set_usable(0, false);
        CHECK(t.active() == 1);
        CHECK(t.address == (f == fail_over_mac::none ? list{a, a, a} : f == fail_over_mac::active ? list{a, b, d} : list{b, a, d}));
        const bytes request = with_patches(arp_request(), t.choose(arp_request()));
        const auto body = packet::arp_message::parse(packet::octets(request).from(14));
        CHECK(source_of(request) == t.address[1]);
        CHECK(body->sender_mac == t.address[1]);
        CHECK(source_of(with_patches(datagram(), t.choose(datagram()))) == t.address[1]);
        CHECK(t.choose(datagram(0, own_mac(77))).patched == 0);          // not the team's own: as it is
    }
}

TEST_CASE("active_backup: copies that standby members bring are dropped, or delivered with all_slaves_active") {
    for (const bool all : {false, true}) {
        mode_config c = config(mode_kind::active_backup);
        c.all_slaves_active = all;
        simulated_team t = team_of(2, c);
        CHECK(t.delivers(0, datagram()));
        CHECK(t.delivers(1, datagram()) == all);
    }
}

TEST_CASE("an operator clears the active member and the mode chooses anew, or makes a good one active, until members change") {
    for (const mode_kind kind : {mode_kind::aft, mode_kind::active_backup}) {
        mode_config c = config(kind);
        c.primary_reselect = reselect::failure;
        simulated_team t = team_of(3, c);
        t.set_usable(2, false);
        const auto order = [&](bool clear, unsigned m) {
            bool done = false;
            t.order([&](mode& one, const members& all, ps now, actions& a) { done = clear ? one.clear_active(all, now, a) : one.set_active(m, all, now, a); });
            return done;
        };
        CHECK(t.the_mode->active() == 0);
        CHECK(order(false, 1));
        CHECK(t.the_mode->active() == 1);
        CHECK(order(false, 1));                          // as it is
        CHECK_FALSE(order(false, 2));                    // its link is dead
        CHECK_FALSE(order(false, 3));                    // there is none
        t.run_for(second);
        CHECK(t.the_mode->active() == 1);
        t.set_usable(2, true);
        CHECK(t.the_mode->active() == 1);
        CHECK(order(true, 0));                           // as if none had been active: the first that is good
        CHECK(t.the_mode->active() == 0);
    }
    // A primary that waits to take over waits no longer.
    mode_config waiting = config(mode_kind::aft);
    waiting.fail_back_delay = 4 * second;
    simulated_team team = team_of(3, waiting, 0);
    team.set_usable(0, false);
    team.set_usable(0, true);
    team.order([&](mode& one, const members& all, ps now, actions& a) { CHECK(one.set_active(2, all, now, a)); });
    team.run_for(10 * second);
    CHECK(team.the_mode->active() == 2);
    for (const mode_kind kind : {mode_kind::alb, mode_kind::balance_rr, mode_kind::ieee_802_3ad, mode_kind::balance_tlb}) {
        simulated_team t = team_of(2, config(kind));
        t.order([&](mode& one, const members& all, ps now, actions& a) { CHECK_FALSE((one.clear_active(all, now, a) || one.set_active(1, all, now, a))); });
    }
}

TEST_CASE("announcements: the first at once through the new active member, then one an interval, and none for a member that is active no more") {
    mode_config c = config(mode_kind::active_backup);
    c.num_grat_arp = 4;
    c.peer_notif_delay = 250 * millisecond;        // kept as 200 ms: whole intervals
    monitor_config m;
    m.miimon = 100 * millisecond;
    simulated_team t(2, c, m);
    t.start();
    t.run_for(5 * second);
    REQUIRE(t.announcements.size() == 4);
    t.announcements.clear();
    t.pull(0);
    t.run_for(300 * millisecond);
    const ps moved = t.moves.back().at;
    CHECK(t.moves.back().active == 1);
    REQUIRE(t.announcements.size() == 2);
    CHECK(t.announcements[0].at == moved);
    CHECK(t.announcements[1].at == moved + 200 * millisecond);
    CHECK(t.announcements[1].member == 1);
    t.plug(0);
    t.run_for(50 * millisecond);
    t.pull(1);
    t.run_for(5 * second);
    REQUIRE(t.announcements.size() == 2 + 4);
    CHECK(t.announcements[2].member == 0);
}

TEST_CASE("announcements: nothing is announced while no member is active, and all of it when one is again") {
    mode_config c = config(mode_kind::aft);
    c.num_grat_arp = 3;
    simulated_team t(2, c);
    t.start();
    t.run_for(second);
    t.announcements.clear();
    t.pull(0), t.pull(1);
    t.run_for(10 * second);
    for (const auto& a : t.announcements) CHECK(a.member == 1);        // at most the moment between the two looks
    CHECK(t.announcements.size() <= 1);
    t.announcements.clear();
    t.plug(1);
    t.run_for(10 * second);
    REQUIRE(t.announcements.size() == 3);
    for (const auto& a : t.announcements) CHECK(a.member == 1);
}

TEST_CASE("alb: what is sent is balanced over all members, a flow stays on one by hash, turns are equal, and the failed one's share is nothing") {
    mode_config c = config(mode_kind::alb);
    c.xmit_hash_policy = aggregation::hash_policy::layer3_4;
    for (const balance b : {balance::hash, balance::round_robin, balance::load}) {
        c.balance = b;
        simulated_team t = team_of(4, c);
        CHECK_FALSE(t.the_mode->single_active());
        CHECK(t.active() == no_member);
        const std::vector<unsigned> n = shares(t, 4000);
        for (unsigned m = 0; m < 4; ++m) {
            CHECK(t.the_mode->carries(m));
            if (b == balance::hash) CHECK((n[m] > 700 && n[m] < 1300));
            else CHECK(n[m] == 1000);
        }
        const std::vector<unsigned> one = shares(t, 400, true);
        CHECK(std::count(one.begin(), one.end(), 400u) == (b == balance::hash ? 1 : 0));
        t.set_usable(2, false);
        const std::vector<unsigned> left = shares(t, 3000);
        CHECK(left[2] == 0);
        CHECK_FALSE(t.the_mode->carries(2));
        CHECK(left[0] + left[1] + left[3] == 3000);
    }
}

TEST_CASE("alb by load: the frame goes where it would be sent first") {
    mode_config c = config(mode_kind::alb);
    c.balance = balance::load;
    simulated_team t = team_of(3, c);
    t.all[0].rate = 1'000'000'000;
    t.all[1].rate = t.all[2].rate = 100'000'000;
    t.all[0].waiting_octets = 5'000, t.all[1].waiting_octets = 3'000, t.all[2].waiting_octets = 600;
    CHECK(t.choose(datagram()).to[0] == 0);        // 5.1 kB at ten times the rate
    t.all[0].waiting_octets = 50'000;
    CHECK(t.choose(datagram()).to[0] == 2);
    t.all[2].waiting_octets = 4'000;
    CHECK(t.choose(datagram()).to[0] == 1);
    // Served in proportion to rates: each member sends all the time, so what is sent is as the rates are.
    std::vector<std::uint64_t> sent(3);
    for (member& m : t.all) m.waiting_octets = 0;
    for (unsigned i = 0; i < 60'000; ++i) {
        const unsigned m = t.choose(datagram(i)).to[0];
        t.all[m].waiting_octets += 60;
        sent[m] += 60;
        if (i % 12 == 11)                          // while twelve frames come, ten go at the fast member and one at each slow one
            for (unsigned k = 0; k < 3; ++k) t.all[k].waiting_octets -= std::min<std::uint64_t>(t.all[k].waiting_octets, k ? 60 : 600);
    }
    CHECK(std::abs(static_cast<double>(sent[0]) / static_cast<double>(sent[1] + sent[2]) - 5.0) < 0.05);
}

TEST_CASE("alb: one member receives: it has the team's address, sends ARP and broadcasts - others send under their own") {
    mode_config c = config(mode_kind::alb);
    c.balance = balance::round_robin;
    simulated_team t = team_of(3, c, 1);
    CHECK(t.address[1] == own_mac(0));             // the primary receives
    std::vector<mac_address> seen(3);
    for (unsigned i = 0; i < 3; ++i) {
        const route r = t.choose(datagram());
        seen[r.to[0]] = source_of(with_patches(datagram(), r));
    }
    CHECK(seen == t.address);
    for (unsigned i = 0; i < 5; ++i) {
        for (const bytes& f : {arp_request(), datagram(i, own_mac(0), packet::broadcast_mac), datagram(i, own_mac(0), {1, 0, 0x5E, 0, 0, 1})}) {
            const route r = t.choose(f);
            CHECK(r.to[0] == 1);
            CHECK(r.patched == 0);
        }
    }
    const bytes broadcast = datagram(0, own_mac(50), packet::broadcast_mac);
    CHECK(t.delivers(1, broadcast));
    CHECK_FALSE(t.delivers(0, broadcast));
    CHECK(t.delivers(0, datagram(0, own_mac(50), own_mac(1))));
    t.announcements.clear();
    t.set_usable(1, false);
    REQUIRE(t.announcements.size() == 1);
    CHECK(t.address[t.announcements[0].member] == own_mac(0));
    t.set_usable(1, true);
    CHECK(t.address[1] == own_mac(0));
    CHECK(t.announcements.back().member == 1);
}

TEST_CASE("balance_rr: members take turns of packets_per_slave frames - for one that is not good the next one sends - at random with 0") {
    mode_config c = config(mode_kind::balance_rr);
    for (const unsigned run : {1u, 3u, 64u}) {
        c.packets_per_slave = run;
        simulated_team t = team_of(4, c);
        for (unsigned i = 0; i < 1000; ++i) REQUIRE(t.choose(datagram(3)).to[0] == i / run % 4);
    }
    c.packets_per_slave = 1;
    simulated_team t = team_of(4, c);
    t.set_usable(1, false);
    CHECK(shares(t, 400) == std::vector<unsigned>{100, 0, 200, 100});
    c.packets_per_slave = 0;
    simulated_team r = team_of(4, c);
    for (const unsigned n : shares(r, 4000, true)) CHECK((n > 850 && n < 1150));
    for (unsigned m = 0; m < 4; ++m) r.set_usable(m, false);
    CHECK(r.choose(datagram()).count == 0);
    bytes igmp = datagram();
    igmp[23] = 2;
    for (unsigned i = 0; i < 8; ++i) CHECK(t.choose(igmp).to[0] == 0);
}

TEST_CASE("balance_xor and broadcast: a flow has one member - everything has all members - all have one address") {
    mode_config c = config(mode_kind::balance_xor);
    c.xmit_hash_policy = aggregation::hash_policy::layer3_4;
    simulated_team t = team_of(3, c);
    for (unsigned flow = 0; flow < 300; ++flow) {
        const unsigned m = aggregation::flow_hash(c.xmit_hash_policy, datagram(flow)) % 3;
        CHECK(t.choose(datagram(flow)).to[0] == m);
    }
    t.set_usable(0, false);
    CHECK(shares(t, 300)[0] == 0);
    simulated_team b = team_of(3, config(mode_kind::broadcast));
    b.set_usable(1, false);
    CHECK(shares(b, 10) == std::vector<unsigned>{10, 0, 10});
    for (simulated_team* each : {&t, &b}) {
        for (const mac_address& m : each->address) CHECK(m == own_mac(0));
        CHECK(each->delivers(2, datagram()));
        CHECK(each->choose(datagram()).patched == 0);
    }
}
