// The ARP monitor, as Linux bonding's documentation tells it.
#include <catch2/catch.hpp>

#include "simulated_network.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr ps ms = millisecond;

monitor_config asking(arp_validate v = arp_validate::none, unsigned missed_max = 2) {
    monitor_config c;
    c.miimon = 0, c.arp_interval = 100 * ms, c.arp_ip_target = {"192.0.2.254"}, c.arp_validate = v, c.arp_missed_max = missed_max, c.own_ip = team_ip;
    return c;
}
mode_config mode_of(mode_kind k) {
    mode_config c;
    c.mode = k;
    return c;
}

}  // namespace

TEST_CASE("bond_options.sh, arp_validate: with each of the seven ways of validation all members stay good while the target answers") {
    for (unsigned v = 0; v <= 6; ++v) {
        simulated_team t(3, mode_of(mode_kind::active_backup), asking(static_cast<arp_validate>(v)));
        simulated_network net(t);
        t.start();
        t.run_for(10 * second);
        for (unsigned m = 0; m < 3; ++m) CHECK(t.monitors[0]->good(m));
        CHECK(t.moves.size() == 1);
        // One question an interval, through the active member only.
        CHECK(std::all_of(t.frames.begin(), t.frames.end(), [](const auto& f) { return f.member == 0; }));
        CHECK(t.frames.size() == 100);
    }
}

TEST_CASE("ARP monitor: a dead path of the active member is known at the look one interval behind arp_missed_max of them - the new one asks at once") {
    random_stream random(4, "test", "phases");
    for (const unsigned missed_max : {1u, 2u, 5u})
        for (int i = 0; i < 200; ++i) {
            simulated_team t(3, mode_of(mode_kind::aft), asking(arp_validate::all, missed_max));
            simulated_network net(t);
            t.start();
            t.run_to(2 * second + random.between(1, 100 * ms - 1));
            const ps fault = t.now;
            net.path[0] = false;
            t.run_for(3 * second);
            REQUIRE(t.moves.size() == 2);
            const ps t_d = t.moves[1].at - fault;
            REQUIRE(t_d == static_cast<ps>(missed_max + 1) * 100 * ms - fault % (100 * ms));      // m h to (m + 1) h: docs/teaming.md
            const auto first = std::find_if(t.frames.begin(), t.frames.end(), [](const auto& f) { return f.member == 1; });
            REQUIRE((first != t.frames.end() && first->at == t.moves[1].at));
            REQUIRE(t.monitors[0]->good(1));
            REQUIRE(t.monitors[0]->good(2));
            REQUIRE_FALSE(t.monitors[0]->good(0));
        }
}

TEST_CASE("ARP monitor: where any traffic is a sign of life a dead path is known half an interval later, from m + 1/2 to m + 3/2 intervals behind the last frame") {
    constexpr ps h = 100 * ms;
    bytes other;
    packet::build_arp_request(other, {2, 0, 0, 0, 8, 8}, 0xC0000263, 0xC0000264);
    for (const unsigned missed_max : {1u, 2u, 5u}) {
        ps least = never, most = 0;
        for (ps phase = 0; phase < 100; ++phase) {
            simulated_team t(2, mode_of(mode_kind::aft), asking(arp_validate::none, missed_max));
            simulated_network net(t);
            t.start();
            t.run_to(2 * second);
            for (ps n = 0; n <= phase; ++n) net.broadcast(other), t.run_for(ms);
            const ps last = t.now - ms;
            net.path[0] = false;
            t.run_for(3 * second);
            REQUIRE(t.moves.size() == 2);
            const ps t_d = t.moves[1].at - last;
            least = std::min(least, t_d), most = std::max(most, t_d);
            REQUIRE(t_d % h == (h - last % h) % h);      // at a look
        }
        CHECK(least == static_cast<ps>(missed_max) * h + h / 2 + ms);
        CHECK(most == static_cast<ps>(missed_max + 1) * h + h / 2);
    }
}

TEST_CASE("ARP monitor: a standby's dead path is known too, one interval later than the active one's would be") {
    simulated_team t(2, mode_of(mode_kind::active_backup), asking(arp_validate::all));
    simulated_network net(t);
    t.start();
    t.run_to(2 * second + 1);
    net.path[1] = false;
    t.run_for(250 * ms);                           // the active one would have been given up at 200 ms
    CHECK(t.monitors[0]->good(1));
    t.run_for(100 * ms);
    CHECK_FALSE(t.monitors[0]->good(1));
    net.path[1] = true;
    t.run_for(300 * ms);
    CHECK(t.monitors[0]->good(1));
    CHECK(t.moves.size() == 1);
}

TEST_CASE("ARP monitor: others' broadcasts fool it without validation, not with, and filtering ignores what is no ARP") {
    const auto found = [](arp_validate v, bool chatter_is_arp) {
        simulated_team t(2, mode_of(mode_kind::active_backup), asking(v));
        simulated_network net(t);
        t.start();
        t.run_for(2 * second);
        net.target_answers = false;                // the switch lives, what is behind it does not
        bytes other;
        packet::build_arp_request(other, {2, 0, 0, 0, 8, 8}, 0xC0000263, 0xC0000264);
        if (!chatter_is_arp) other = datagram(0, own_mac(60), packet::broadcast_mac);
        for (int i = 0; i < 50; ++i) {
            net.broadcast(other);
            t.run_for(50 * ms);
        }
        return t.moves.size() > 1;
    };
    using v = arp_validate;
    for (const v way : {v::none, v::backup}) CHECK_FALSE(found(way, false));
    for (const v way : {v::active, v::all, v::filter_active}) {
        CHECK(found(way, false));
        CHECK(found(way, true));
    }
    for (const v way : {v::filter, v::filter_backup}) {
        CHECK(found(way, false));
        CHECK_FALSE(found(way, true));
    }
}

TEST_CASE("ARP monitor: a standby's validation takes our own questions for a sign of life only while the active member is answered") {
    simulated_team t(3, mode_of(mode_kind::active_backup), asking(arp_validate::all));
    simulated_network net(t);
    t.start();
    t.run_for(2 * second);
    net.target_answers = false;
    t.run_for(20 * second);
    for (unsigned m = 0; m < 3; ++m) CHECK_FALSE(t.monitors[0]->good(m));
    CHECK(t.active() == no_member);
    // They take turns asking.
    std::vector<unsigned> asked;
    for (const auto& f : t.frames)
        if (f.at > t.now - second) asked.push_back(f.member);
    REQUIRE(asked.size() >= 9);
    for (std::size_t i = 1; i < asked.size(); ++i) CHECK(asked[i] == (asked[i - 1] + 1) % 3);
    net.target_answers = true;
    t.run_for(500 * ms);
    CHECK(t.active() != no_member);
    t.run_for(2 * second);
    for (unsigned m = 0; m < 3; ++m) CHECK(t.monitors[0]->good(m));
}

TEST_CASE("ARP monitor: words between the target and other hosts are no sign of life where words are validated") {
    simulated_team t(2, mode_of(mode_kind::active_backup), asking(arp_validate::all));
    simulated_network net(t);
    t.start();
    t.run_for(2 * second);
    net.target_answers = false;
    packet::arp_message to_another{packet::arp_operation::reply, target_mac, target_ip, {2, 0, 0, 0, 8, 8}, 0xC0000263};
    bytes reply;
    packet::append_ethernet(reply, packet::broadcast_mac, target_mac, packet::ether_type::arp);
    to_another.append_to(reply);
    for (int i = 0; i < 40; ++i) {
        net.broadcast(reply);
        t.run_for(50 * ms);
    }
    CHECK_FALSE(t.monitors[0]->good(0));
    CHECK_FALSE(t.monitors[0]->good(1));
}

TEST_CASE("ARP monitor: any target that answers is enough, or all must") {
    for (const arp_all_targets how : {arp_all_targets::any, arp_all_targets::all}) {
        monitor_config c = asking(arp_validate::active);
        c.arp_ip_target = {"192.0.2.254", "192.0.2.253"};
        c.arp_all_targets = how;
        simulated_team t(2, mode_of(mode_kind::active_backup), c);
        simulated_network net(t);
        net.targets = {target_ip, 0xC00002FD};
        t.start();
        t.run_for(5 * second);
        CHECK(t.moves.size() == 1);
        net.targets = {target_ip};
        t.run_for(5 * second);
        CHECK((t.moves.size() > 1) == (how == arp_all_targets::all));
    }
}

TEST_CASE("ARP monitor of balanced modes: each member asks for itself under the team's address") {
    for (const mode_kind k : {mode_kind::balance_rr, mode_kind::balance_xor, mode_kind::broadcast}) {
        simulated_team t(3, mode_of(k), asking(arp_validate::all));
        simulated_network net(t);
        t.start();
        t.run_for(2 * second);
        for (unsigned m = 0; m < 3; ++m) CHECK(t.monitors[0]->good(m));
        for (const auto& f : t.frames) CHECK(std::equal(f.octets.begin() + 6, f.octets.begin() + 12, (f.at ? own_mac(0) : own_mac(f.member)).begin()));
        net.path[1] = false;
        t.run_for(second);
        CHECK_FALSE(t.monitors[0]->good(1));
        CHECK(t.monitors[0]->good(2));
        net.path[1] = true;
        t.run_for(second);
        CHECK(t.monitors[0]->good(1));
    }
}
