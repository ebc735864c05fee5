// balance_tlb and balance_alb: who sends, who receives, what clients and switches are told.
#include <catch2/catch.hpp>

#include <set>

#include "nicteam/packet/arp.h"
#include "simulated_team.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr ps ms = millisecond;
constexpr packet::ipv4_address us = 0xC0000201;

mode_config config(mode_kind k) {
    mode_config c;
    c.mode = k;
    return c;
}
simulated_team team_of(unsigned n, const mode_config& c) {
    monitor_config off;
    off.miimon = 0;
    simulated_team t(n, c, off);
    t.start();
    return t;
}

bytes to_host(unsigned host, std::uint32_t octets = 60) {
    bytes f = datagram(0, own_mac(0), {2, 0, 0, 0, 9, static_cast<std::uint8_t>(host)});
    f[33] = static_cast<std::uint8_t>(host);
    f.resize(octets);
    return f;
}
mac_address host_mac(unsigned h) { return {2, 0, 0, 0, 9, static_cast<std::uint8_t>(h)}; }
packet::ipv4_address host_ip(unsigned h) { return 0xC0000200 + h; }

bytes with_patches(bytes f, const route& r) {
    for (unsigned i = 0; i < r.patched; ++i) std::copy(r.patches[i].mac.begin(), r.patches[i].mac.end(), f.begin() + r.patches[i].offset);
    return f;
}
mac_address at(const bytes& f, std::size_t offset) {
    mac_address m;
    std::copy_n(f.begin() + static_cast<std::ptrdiff_t>(offset), 6, m.begin());
    return m;
}

// The host answers this client; which member it is told.
mac_address answer(simulated_team& t, unsigned host) {
    bytes f;
    packet::build_arp_reply(f, own_mac(0), us, {packet::arp_operation::request, host_mac(host), host_ip(host), {}, us});
    const route r = t.choose(f);
    const bytes sent = with_patches(f, r);
    CHECK(at(sent, 6) == t.address[r.to[0]]);
    CHECK(at(sent, 22) == t.address[r.to[0]]);
    return at(sent, 22);
}

unsigned member_of(const simulated_team& t, const mac_address& m) {
    return static_cast<unsigned>(std::find(t.address.begin(), t.address.end(), m) - t.address.begin());
}

}  // namespace

TEST_CASE("Both: unicast IP is balanced, each member under its own address - broadcasts, ARP requests and what is no IP leave through the receiving member") {
    for (const mode_kind k : {mode_kind::balance_tlb, mode_kind::balance_alb}) {
        mode_config c = config(k);
        c.xmit_hash_policy = aggregation::hash_policy::layer3_4;
        simulated_team t = team_of(3, c);
        t.all[1].primary = true;
        t.set_usable(1, true);
        CHECK(t.address[1] == own_mac(0));
        bytes request, raw = to_host(1);
        packet::build_arp_request(request, own_mac(0), us, host_ip(5));
        raw[12] = 0x88, raw[13] = 0xB5;
        bytes to_all = to_host(1);
        std::fill_n(to_all.begin(), 6, 0xFF);
        for (const bytes& f : {request, raw, to_all}) {
            const route r = t.choose(f);
            CHECK((r.count == 1 && r.to[0] == 1 && r.patched == 0));
        }
        // The first clients all go where there is most to spare; counted after ten seconds, they spread.
        for (int round = 0; round < 2; ++round) {
            for (unsigned i = 0; i < 3000; ++i) {
                const route r = t.choose(to_host(2 + i % 90, 1000));
                CHECK(at(with_patches(to_host(1), r), 6) == t.address[r.to[0]]);
            }
            t.run_for(11 * second);
        }
        std::vector<unsigned> n(3);
        for (unsigned h = 2; h < 92; ++h) ++n[t.choose(to_host(h, 1000)).to[0]];
        for (const unsigned x : n) CHECK(x == 30);
        // A client keeps its member until then.
        for (unsigned h = 2; h < 92; ++h) CHECK(t.choose(to_host(h)).to[0] == t.choose(to_host(h)).to[0]);
        t.set_usable(2, false);
        for (unsigned h = 2; h < 92; ++h) CHECK(t.choose(to_host(h)).to[0] != 2);
        CHECK_FALSE(t.the_mode->carries(2));
    }
}

TEST_CASE("Load: heavy clients are set against many light ones, and shares follow rates") {
    simulated_team t = team_of(2, config(mode_kind::balance_alb));
    const auto round = [&] {
        for (unsigned i = 0; i < 1000; ++i) t.choose(to_host(200, 1500));
        for (unsigned h = 2; h < 102; ++h)
            for (unsigned i = 0; i < 10; ++i) t.choose(to_host(h, 1500));
        t.run_for(10 * second);
    };
    for (int i = 0; i < 3; ++i) round();
    const unsigned heavy = t.choose(to_host(200)).to[0];
    unsigned with_it = 0;
    for (unsigned h = 2; h < 102; ++h) with_it += t.choose(to_host(h)).to[0] == heavy;
    CHECK(with_it <= 3);                           // the heavy one sends as much as all others together
    simulated_team u = team_of(2, config(mode_kind::balance_alb));
    u.all[0].rate = 30'000'000, u.all[1].rate = 10'000'000;
    for (int r = 0; r < 3; ++r) {
        for (unsigned h = 2; h < 202; ++h)
            for (unsigned i = 0; i < 150; ++i) u.choose(to_host(h, 1500));       // 36 Mb/s of 40
        u.run_for(10 * second);
    }
    unsigned fast = 0;
    for (unsigned h = 2; h < 202; ++h) fast += u.choose(to_host(h)).to[0] == 0;
    CHECK(std::abs(static_cast<int>(fast) - 156) <= 2);        // equal rest on both: 28 of 30 and 8 of 10 Mb/s
}

TEST_CASE("balance_tlb without tlb_dynamic_lb: a hash chooses among the good members") {
    mode_config c = config(mode_kind::balance_tlb);
    c.tlb_dynamic_lb = false;
    c.xmit_hash_policy = aggregation::hash_policy::layer3_4;
    simulated_team t = team_of(4, c);
    t.set_usable(1, false);
    for (unsigned flow = 0; flow < 300; ++flow) {
        const unsigned expected[] = {0, 2, 3};
        CHECK(t.choose(datagram(flow)).to[0] == expected[aggregation::flow_hash(c.xmit_hash_policy, datagram(flow)) % 3]);
    }
}

TEST_CASE("Learning packets: each good member to itself every lp_interval, and at once when the team's address moves") {
    for (const mode_kind k : {mode_kind::balance_tlb, mode_kind::balance_alb}) {
        mode_config c = config(k);
        c.lp_interval = 2 * second;
        simulated_team t = team_of(3, c);
        t.run_for(20 * second + 1);
        CHECK(t.frames.size() == 3 * 10);
        for (const auto& f : t.frames) {
            CHECK((f.octets.size() == 60 && f.octets[12] == 0x90 && f.octets[13] == 0x00));
            CHECK(at(f.octets, 0) == t.address[f.member]);
            CHECK(at(f.octets, 6) == t.address[f.member]);
        }
        t.frames.clear();
        t.set_usable(0, false);
        REQUIRE(t.frames.size() == 1);             // only the new one: the old one is not good
        CHECK((t.frames[0].member == 1 && at(t.frames[0].octets, 6) == own_mac(0)));
        CHECK(t.address[0] == own_mac(1));
    }
}

TEST_CASE("What comes in: tlb delivers through the receiving member, alb what is for any member's address - all_slaves_active delivers all") {
    for (const mode_kind k : {mode_kind::balance_tlb, mode_kind::balance_alb})
        for (const bool all : {false, true}) {
            mode_config c = config(k);
            c.all_slaves_active = all;
            simulated_team t = team_of(2, c);
            CHECK(t.delivers(0, datagram(0, host_mac(2), packet::broadcast_mac)));
            CHECK(t.delivers(1, datagram(0, host_mac(2), packet::broadcast_mac)) == all);
            CHECK(t.delivers(1, datagram(0, host_mac(2), own_mac(1))) == (all || k == mode_kind::balance_alb));
        }
}

TEST_CASE("balance_alb: clients are told the members in turn, each keeps what it was told - the fastest members only") {
    simulated_team t = team_of(3, config(mode_kind::balance_alb));
    std::vector<unsigned> n(3);
    for (unsigned h = 2; h < 92; ++h) ++n[member_of(t, answer(t, h))];
    CHECK(n == std::vector<unsigned>{30, 30, 30});
    for (unsigned h = 2; h < 92; ++h) {
        const mac_address first = answer(t, h);
        CHECK(answer(t, h) == first);
    }
    simulated_team fast = team_of(3, config(mode_kind::balance_alb));
    fast.all[2].rate = fast.all[0].rate = 1'000'000'000;
    std::set<unsigned> used;
    for (unsigned h = 2; h < 42; ++h) used.insert(member_of(fast, answer(fast, h)));
    CHECK(used == std::set<unsigned>{0, 2});
}

TEST_CASE("balance_alb: clients of a lost member are told another by ARP within 100 ms, twice each, and again three times 2 s apart - those of others are not") {
    simulated_team t = team_of(3, config(mode_kind::balance_alb));
    std::vector<mac_address> told(92);
    for (unsigned h = 2; h < 92; ++h) told[h] = answer(t, h);
    t.run_for(30 * second);
    t.frames.clear();
    const ps fault = t.now;
    t.set_usable(2, false);
    t.run_for(20 * second);
    std::map<unsigned, std::vector<ps>> updates;
    for (const auto& f : t.frames) {
        if (!packet::is_arp(f.octets)) continue;
        const auto m = packet::arp_message::parse(packet::octets(f.octets).from(14));
        CHECK(m->operation == packet::arp_operation::reply);
        CHECK(m->sender_ip == us);
        CHECK(m->sender_mac == t.address[f.member]);
        CHECK(f.member != 2);
        CHECK(at(f.octets, 0) == host_mac(m->target_ip & 0xFF));
        updates[m->target_ip & 0xFF].push_back(f.at - fault);
    }
    for (unsigned h = 2; h < 92; ++h) {
        if (told[h] != own_mac(2)) {
            CHECK(updates.count(h) == 0);
            continue;
        }
        REQUIRE(updates[h].size() == 2 * 4);
        for (unsigned i = 0; i < 8; ++i) CHECK(updates[h][i] == 100 * ms + i / 2 * 2 * second);
    }
    // Back again, clients are dealt out anew.
    t.frames.clear();
    t.set_usable(2, true);
    t.run_for(20 * second);
    std::vector<unsigned> n(3);
    for (unsigned h = 2; h < 92; ++h) ++n[member_of(t, answer(t, h))];
    CHECK(n == std::vector<unsigned>{30, 30, 30});
    CHECK(std::any_of(t.frames.begin(), t.frames.end(), [](const auto& f) { return packet::is_arp(f.octets) && f.member == 2; }));
}

TEST_CASE("balance_alb: when the receiving member fails, its successor takes the team's address and clients of both are told") {
    simulated_team t = team_of(2, config(mode_kind::balance_alb));
    for (unsigned h = 2; h < 12; ++h) answer(t, h);
    t.run_for(5 * second);
    t.frames.clear();
    t.set_usable(0, false);
    CHECK(t.address[1] == own_mac(0));
    t.run_for(200 * ms);
    std::set<unsigned> hosts;
    for (const auto& f : t.frames)
        if (packet::is_arp(f.octets)) {
            const auto m = packet::arp_message::parse(packet::octets(f.octets).from(14));
            CHECK((f.member == 1 && m->sender_mac == own_mac(0)));
            hosts.insert(m->target_ip & 0xFF);
        }
    CHECK(hosts.size() == 10);
}

TEST_CASE("balance_alb: our own request takes all clients to the receiving member - who belongs elsewhere is told again 2 s later - a learnt answer is told its member") {
    simulated_team t = team_of(2, config(mode_kind::balance_alb));
    for (unsigned h = 2; h < 6; ++h) answer(t, h);
    t.run_for(10 * second);
    t.frames.clear();
    bytes request;
    packet::build_arp_request(request, own_mac(0), us, host_ip(9));
    const ps asked = t.now;
    t.choose(request);
    bytes reply;
    packet::build_arp_reply(reply, host_mac(9), host_ip(9), {packet::arp_operation::request, own_mac(0), us, {}, host_ip(9)});
    t.run_for(ms);
    CHECK(t.receive(0, reply));                    // it is the stack's as well
    t.run_for(10 * second);
    std::map<unsigned, unsigned> to;
    for (const auto& f : t.frames)
        if (packet::is_arp(f.octets)) {
            CHECK(f.at == asked + 2 * second);
            ++to[packet::arp_message::parse(packet::octets(f.octets).from(14))->target_ip & 0xFF];
        }
    CHECK(to == std::map<unsigned, unsigned>{{3, 2}, {5, 2}, {9, 2}});     // dealt out 0, 1, 0, 1, and 0 for the one asked for, which is told all the same
}

TEST_CASE("balance_alb: another host that takes over one of our addresses ends our telling - a client whose place another takes goes to the receiving member") {
    simulated_team t = team_of(2, config(mode_kind::balance_alb));
    answer(t, 2);
    const mac_address told = answer(t, 3);
    CHECK(told == own_mac(1));
    bytes taken;
    packet::build_arp_request(taken, {2, 0, 0, 0, 8, 8}, us, host_ip(50));
    t.receive(0, taken);
    t.frames.clear();
    t.set_usable(1, false);
    t.run_for(5 * second);
    CHECK(std::none_of(t.frames.begin(), t.frames.end(), [](const auto& f) { return packet::is_arp(f.octets); }));

    simulated_team u = team_of(2, config(mode_kind::balance_alb));
    answer(u, 2);
    REQUIRE(answer(u, 3) == own_mac(1));
    u.frames.clear();
    bytes f;                                       // 192.0.1.0 folds to the same place as 192.0.2.3
    packet::build_arp_reply(f, own_mac(0), us, {packet::arp_operation::request, host_mac(77), 0xC0000100, {}, us});
    u.choose(f);
    u.run_for(200 * ms);
    unsigned updates = 0;
    for (const auto& x : u.frames)
        if (packet::is_arp(x.octets)) {
            const auto m = packet::arp_message::parse(packet::octets(x.octets).from(14));
            CHECK((x.member == 0 && m->target_ip == host_ip(3) && m->sender_mac == own_mac(0)));
            ++updates;
        }
    CHECK(updates == 2);
}

TEST_CASE("Load of what is not balanced counts: while broadcasts fill the receiving member, clients go elsewhere") {
    simulated_team t = team_of(2, config(mode_kind::balance_tlb));
    bytes to_all = to_host(1, 1500);
    std::fill_n(to_all.begin(), 6, 0xFF);
    t.run_for(5 * second);
    for (unsigned i = 0; i < 50'000; ++i) t.choose(to_all);    // 60 Mb/s of 100
    for (unsigned h = 2; h < 52; ++h) t.choose(to_host(h, 1500));
    t.run_for(10 * second);
    for (unsigned h = 2; h < 52; ++h) CHECK(t.choose(to_host(h)).to[0] == 1);
}

TEST_CASE("A member that comes back has clients again within 100 ms and the next frames, not ten seconds later") {
    simulated_team t = team_of(2, config(mode_kind::balance_alb));
    t.set_usable(1, false);
    t.run_for(25 * second);
    for (unsigned h = 2; h < 52; ++h) t.choose(to_host(h, 1500));
    t.set_usable(1, true);
    t.run_for(101 * ms);
    unsigned there = 0;
    for (unsigned h = 2; h < 52; ++h) there += t.choose(to_host(h)).to[0] == 1;
    CHECK(there == 25);
}

TEST_CASE("balance_alb: ARP of stations behind us is left alone - clients of a member that hands the team's address over are told its new one") {
    simulated_team t = team_of(2, config(mode_kind::balance_alb));
    for (unsigned h = 2; h < 6; ++h) {
        bytes f;
        packet::build_arp_reply(f, own_mac(90), 0xC0000258, {packet::arp_operation::request, host_mac(h), host_ip(h), {}, 0xC0000258});
        const route r = t.choose(f);
        CHECK((r.to[0] == 0 && r.patched == 0));
    }
    t.all[0].primary = true;
    t.set_usable(0, false);
    t.set_usable(1, true);
    answer(t, 2);                                  // by member 1, under the team's address
    t.run_for(20 * second);
    t.frames.clear();
    t.set_usable(0, true);
    CHECK((t.address[0] == own_mac(0) && t.address[1] == own_mac(1)));
    t.run_for(200 * ms);
    bool told = false;
    for (const auto& f : t.frames)
        if (packet::is_arp(f.octets)) {
            const auto m = packet::arp_message::parse(packet::octets(f.octets).from(14));
            CHECK(m->sender_mac == t.address[f.member]);
            told |= m->target_ip == host_ip(2);
        }
    CHECK(told);
}

TEST_CASE("balance_alb: a member that hands over while it is good: its clients are told the address that it has now") {
    simulated_team t = team_of(2, config(mode_kind::balance_alb));
    REQUIRE(answer(t, 2) == own_mac(0));
    t.run_for(20 * second);
    t.frames.clear();
    t.all[1].priority = 5;
    t.set_usable(1, true);
    CHECK(t.address[1] == own_mac(0));
    t.run_for(200 * ms);
    std::vector<mac_address> told;
    for (const auto& f : t.frames)
        if (packet::is_arp(f.octets)) told.push_back(packet::arp_message::parse(packet::octets(f.octets).from(14))->sender_mac);
    CHECK(told == std::vector<mac_address>{own_mac(1), own_mac(1)});
}
