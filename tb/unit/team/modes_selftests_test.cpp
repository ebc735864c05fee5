// What the kernel's selftests of bonding ask (tools/testing/selftests/drivers/net/bonding), asked of our modes and monitors. Each test names the one that asks
// the same question.
#include <catch2/catch.hpp>

#include "simulated_network.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr ps ms = millisecond;

monitor_config media() { return {}; }
monitor_config asking() {
    monitor_config c;
    c.miimon = 0, c.arp_interval = 100 * ms, c.arp_ip_target = {"192.0.2.254"}, c.own_ip = team_ip;
    return c;
}

// Frames rise and leave: something is sent through a member that reaches the network.
bool connected(simulated_team& t, const simulated_network& net) {
    const route r = t.choose(datagram());
    return r.count && net.reaches(r.to[0]);
}

// A member taken down: its link goes, whatever detector looks.
void down(simulated_team& t, unsigned m) { t.pull(m), t.run_for(2 * second); }
void up(simulated_team& t, unsigned m) { t.plug(m), t.run_for(2 * second); }

}  // namespace

TEST_CASE("bond_options.sh prio, option_prio.sh: primary and priorities, by primary_reselect, mode and monitor") {
    struct { mode_kind mode; bool arp; } kinds[] = {{mode_kind::active_backup, false}, {mode_kind::balance_tlb, false}, {mode_kind::balance_alb, false}, {mode_kind::active_backup, true}, {mode_kind::aft, false}, {mode_kind::aft, true}};
    for (const auto& kind : kinds)
        for (const reselect r : {reselect::always, reselect::better, reselect::failure}) {
            mode_config c;
            c.mode = kind.mode;
            c.primary_reselect = r;
            simulated_team t(3, c, kind.arp ? asking() : media());
            simulated_network net(t);
            t.all[1].primary = true;
            t.all[1].priority = 10, t.all[2].priority = 11;
            t.start();
            const auto now_active = [&] {              // the balanced modes tell by what is not balanced
                CHECK(connected(t, net));
                bytes f = datagram(0, own_mac(0), packet::broadcast_mac);
                return t.choose(f).to[0];
            };
            t.run_for(2 * second);
            CHECK(now_active() == 1);                  // the primary, though another has a higher priority
            down(t, 1);
            CHECK(now_active() == 2);                  // then the higher priority
            down(t, 2);
            CHECK(now_active() == 0);
            up(t, 2);
            const unsigned before = now_active();
            CHECK(before == (r == reselect::always ? 2 : 0));          // members are equally fast
            up(t, 1);
            CHECK(now_active() == (r == reselect::always ? 1 : before));
            if (r == reselect::failure) {
                down(t, before);
                CHECK(now_active() == 1);
            }
            if (r != reselect::always) continue;
            t.all[0].priority = 1'000'000, t.all[1].priority = 0, t.all[2].priority = -50;
            CHECK(now_active() == 1);
            down(t, 1);
            CHECK(now_active() == 0);
        }
}

TEST_CASE("bond_options.sh prio with members that differ: better takes the faster one, and full duplex of the same rate") {
    for (const bool faster : {true, false}) {
        mode_config c;
        c.mode = mode_kind::active_backup;
        c.primary_reselect = reselect::better;
        simulated_team t(2, c);
        t.all[0].primary = true;
        if (faster) t.all[0].rate = t.line_rate[0] = 1'000'000'000;
        else t.all[1].full_duplex = false;
        t.start();
        down(t, 0);
        CHECK(t.active() == 1);
        up(t, 0);
        CHECK(t.active() == 0);
    }
}

TEST_CASE("bond_options.sh num_grat_arp: 10, 20, 30 and 50 announcements a second apart through the new active member, none elsewhere") {
    for (const unsigned n : {10u, 20u, 30u, 50u}) {
        mode_config c;
        c.mode = mode_kind::active_backup;
        c.num_grat_arp = n;
        c.peer_notif_delay = second;
        simulated_team t(3, c);
        t.start();
        t.run_for((n + 5) * second);
        t.announcements.clear();
        t.pull(0);
        t.run_for((n + 2) * second);
        REQUIRE(t.announcements.size() == n);
        for (unsigned i = 0; i < n; ++i) {
            CHECK(t.announcements[i].member == t.active());
            CHECK(t.announcements[i].at == t.announcements[0].at + i * second);
        }
    }
}

TEST_CASE("mode-1-recovery-updelay.sh, mode-2-recovery-updelay.sh: both links lost, one back: traffic flows whatever updelay is") {
    for (const mode_kind k : {mode_kind::active_backup, mode_kind::balance_xor, mode_kind::aft, mode_kind::alb, mode_kind::balance_tlb, mode_kind::balance_alb})
        for (const ps updelay : {ps{0}, 200 * ms, 500 * ms, 750 * ms, 1000 * ms, 2000 * ms, 5000 * ms, 10'000 * ms}) {
            mode_config c;
            c.mode = k;
            monitor_config m;
            m.updelay = updelay;
            simulated_team t(2, c, m);
            simulated_network net(t);
            t.start();
            t.run_for(2 * second);
            CHECK(connected(t, net));
            t.pull(0);
            t.run_for(2 * second);
            t.plug(0);
            t.pull(1);
            t.run_for(200 * ms);
            CHECK(connected(t, net));
        }
}

TEST_CASE("Active-member flapping: a primary that flaps moves traffic at each change, with a fail-back delay once, and never to a lost member") {
    for (const ps delay : {ps{0}, 3 * second}) {
        mode_config c;
        c.fail_back_delay = delay;
        monitor_config m;
        m.miimon = 10 * ms;
        simulated_team t(3, c, m);
        simulated_network net(t);
        t.all[0].primary = true;
        t.start();
        t.run_for(5 * second);
        t.moves.clear();
        for (unsigned i = 0; i < 20; ++i) {
            t.pull(0);
            t.run_for(500 * ms);
            CHECK(connected(t, net));
            t.plug(0);
            t.run_for(500 * ms);
            CHECK(connected(t, net));
        }
        CHECK(t.moves.size() == (delay ? 1 : 40));
        t.run_for(5 * second);
        CHECK(t.active() == 0);
    }
}

TEST_CASE("dev_addr_lists.sh, bond_ipsec_offload.sh, transmit_failover.sh: in each mode traffic goes on while one good member is left, and stops when none is") {
    for (unsigned k = 0; k < mode_kinds; ++k) {
        mode_config c;
        c.mode = static_cast<mode_kind>(k);
        if (c.mode == mode_kind::ieee_802_3ad) continue;       // with a partner: modes_802_3ad_test.cpp
        simulated_team t(4, c);
        simulated_network net(t);
        t.start();
        t.run_for(second);
        for (unsigned lost = 0; lost < 4; ++lost) {
            for (unsigned flow = 0; flow < 40; ++flow) {
                const route r = t.choose(datagram(flow));
                REQUIRE(r.count >= 1);
                for (unsigned i = 0; i < r.count; ++i) REQUIRE(net.reaches(r.to[i]));
            }
            t.pull(lost);
            t.run_for(101 * ms);
        }
        CHECK(t.choose(datagram()).count == 0);
        t.plug(2);
        t.run_for(101 * ms);
        CHECK(t.choose(datagram()).to[0] == 2);
    }
}

TEST_CASE("A mode never sends through a member that is not good, nor twice through one, whatever happens") {
    random_stream random(12, "test", "campaign");
    for (unsigned round = 0; round < 300; ++round) {
        mode_config c;
        c.mode = static_cast<mode_kind>(random.below(mode_kinds));
        c.primary_reselect = static_cast<reselect>(random.below(3));
        c.fail_over_mac = static_cast<fail_over_mac>(random.below(3));
        c.balance = static_cast<balance>(random.below(3));
        c.fail_back_delay = static_cast<ps>(random.below(3)) * 200 * ms;
        c.packets_per_slave = static_cast<std::uint32_t>(random.below(4));
        monitor_config m;
        m.miimon = (1 + static_cast<ps>(random.below(3))) * 50 * ms;
        m.updelay = static_cast<ps>(random.below(3)) * 100 * ms;
        m.downdelay = static_cast<ps>(random.below(3)) * 100 * ms;
        simulated_team t(2 + static_cast<unsigned>(random.below(7)), c, m);
        simulated_network net(t);
        if (random.below(2)) t.all[random.below(t.all.size())].primary = true;
        t.start();
        for (unsigned step = 0; step < 80; ++step) {
            const unsigned at = static_cast<unsigned>(random.below(t.all.size()));
            switch (random.below(5)) {
                case 0: t.pull(at); break;
                case 1: t.plug(at); break;
                case 2: if (t.all[at].present) t.remove(at); break;
                case 3: if (!t.all[at].present) t.insert(at, own_mac(at)); break;
                default: t.run_for(random.between(1, 400 * ms));
            }
            for (unsigned flow = 0; flow < 5; ++flow) {
                const route r = t.choose(datagram(static_cast<unsigned>(random.below(500))));
                unsigned used = 0;
                for (unsigned i = 0; i < r.count; ++i) {
                    REQUIRE(r.to[i] < t.all.size());
                    REQUIRE(t.all[r.to[i]].usable);
                    REQUIRE(t.the_mode->carries(r.to[i]));
                    REQUIRE_FALSE(used >> r.to[i] & 1);
                    used |= 1u << r.to[i];
                }
                const bool any = std::any_of(t.all.begin(), t.all.end(), [](const member& x) { return x.usable; });
                if (c.mode != mode_kind::ieee_802_3ad) REQUIRE((r.count > 0) == any);
                if (c.mode == mode_kind::aft || c.mode == mode_kind::active_backup) REQUIRE(r.count <= 1);
            }
        }
    }
}
