// Mode 802.3ad against switches that speak LACP.
#include <catch2/catch.hpp>

#include "nicteam/aggregation/lacp.h"
#include "simulated_team.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

mode_config dynamic() {
    mode_config c;
    c.mode = mode_kind::ieee_802_3ad;
    c.lacp_rate = lacp_rate::fast;
    c.xmit_hash_policy = aggregation::hash_policy::layer3_4;
    return c;
}

// A team of n members at switches: member m at switch `at[m]`. Frames take no time; both sides look every 10 ms.
struct switched {
    switched(std::vector<unsigned> at_, mode_config c = dynamic(), std::vector<std::int64_t> rates = {}, bool speaks = true) : at(std::move(at_)), team(static_cast<unsigned>(at.size()), c), speaks(speaks) {
        for (unsigned m = 0; m < rates.size(); ++m) team.all[m].rate = team.line_rate[m] = rates[m];
        for (unsigned s = 0; s < 2; ++s) {
            std::vector<aggregation::lacp_port_settings> ports;
            for (unsigned m = 0; m < at.size(); ++m)
                ports.push_back({static_cast<std::uint16_t>(m + 1), 255, static_cast<std::uint16_t>(team.all[m].rate / 1'000'000), {2, 0, 0, static_cast<std::uint8_t>(7 + s), 0, static_cast<std::uint8_t>(m)}});
            switches.emplace_back(aggregation::lacp_settings{100, {2, 0, 0, 0, 9, static_cast<std::uint8_t>(s)}, true, true, true}, ports, 0);
            for (unsigned m = 0; m < at.size(); ++m)
                if (at[m] == s) switches[s].enable(m, true, 0);
        }
        team.on_frame = [this](unsigned m, bytes f) {
            if (m == alone) f[52] |= aggregation::lacp_state::aggregation;      // the switch told otherwise, see below
            if (speaks_to(m)) switches[at[m]].received(m, f, team.now);
        };
        team.start();
        run_for(6 * second);
    }
    void run_for(ps d) {
        for (const ps until = team.now + d; team.now < until;) {
            team.run_for(10 * millisecond);
            for (unsigned s = 0; s < 2; ++s) {
                switches[s].due(team.now);
                for (auto& f : switches[s].take_frames()) {
                    if (!speaks_to(f.port)) continue;
                    if (f.port == alone) f.octets[32] &= static_cast<std::uint8_t>(~aggregation::lacp_state::aggregation);
                    CHECK_FALSE(team.receive(f.port, f.octets));
                }
            }
        }
    }
    bool speaks_to(unsigned m) const { return speaks && m != mute && team.cable[m]; }
    void cable(unsigned m, bool in) {
        team.plug(m, in);
        switches[at[m]].enable(m, in, team.now);
    }
    std::vector<unsigned> carriers() const {
        std::vector<unsigned> out;
        for (unsigned m = 0; m < at.size(); ++m)
            if (team.the_mode->carries(m)) out.push_back(m);
        return out;
    }
    std::vector<unsigned> shares(unsigned frames = 1000) {
        std::vector<unsigned> n(at.size());
        for (unsigned i = 0; i < frames; ++i) {
            const route r = team.choose(datagram(i));
            if (r.count) ++n[r.to[0]];
        }
        return n;
    }

    std::vector<unsigned> at;
    simulated_team team;
    bool speaks;
    std::vector<aggregation::lacp> switches;
    unsigned mute = no_member, alone = no_member;      // a member to which nothing is told, and one whose partner does not aggregate
};

using list = std::vector<unsigned>;
constexpr std::int64_t M = 1'000'000;

}  // namespace

TEST_CASE("802.3ad: all members of one switch carry, each flow one of them - a lost one carries nothing at once and comes back") {
    switched t({0, 0, 0, 0});
    CHECK(t.carriers() == list{0, 1, 2, 3});
    for (const unsigned n : t.shares()) CHECK((n > 150 && n < 350));
    for (unsigned flow = 0; flow < 50; ++flow) CHECK(t.team.choose(datagram(flow)).to[0] == t.team.choose(datagram(flow)).to[0]);
    t.cable(2, false);
    t.run_for(120 * millisecond);
    CHECK(t.carriers() == list{0, 1, 3});
    CHECK(t.shares()[2] == 0);
    t.cable(2, true);
    t.run_for(6 * second);
    CHECK(t.carriers() == list{0, 1, 2, 3});
    for (const mac_address& m : t.team.address) CHECK(m == own_mac(0));
    for (const auto& f : t.team.frames) {
        REQUIRE(f.octets.size() == 124);
        REQUIRE(std::equal(f.octets.begin() + 6, f.octets.begin() + 12, own_mac(f.member).begin()));       // each under its own address
    }
}

TEST_CASE("802.3ad: a path that is dead while its link is up is noticed when LACPDUs stop, 3 s at the fast rate") {
    switched t({0, 0});
    REQUIRE(t.carriers() == list{0, 1});
    t.switches[0].enable(1, false, t.team.now);        // the switch's end, silently
    const ps fault = t.team.now;
    while (t.carriers().size() == 2) t.run_for(10 * millisecond);
    CHECK(t.team.now - fault > 2 * second - 20 * millisecond);
    CHECK(t.team.now - fault <= 3 * second + 20 * millisecond);
}

TEST_CASE("802.3ad: without a partner one member is used by itself, the others wait") {
    switched t({0, 0, 0}, dynamic(), {}, false);
    CHECK(t.carriers() == list{0});
    CHECK(t.shares()[0] == 1000);
    CHECK_FALSE(t.team.delivers(1, datagram()));
    t.cable(0, false);
    t.run_for(6 * second);
    CHECK(t.carriers() == list{1});
}

TEST_CASE("802.3ad: members of several rates form several aggregators, and one carries") {
    switched t({0, 0, 0}, dynamic(), {1000 * M, 100 * M, 100 * M});
    CHECK(t.carriers() == list{0});
    t.cable(0, false);
    t.run_for(6 * second);
    CHECK(t.carriers() == list{1, 2});
}

TEST_CASE("802.3ad: an aggregator with a partner is preferred to a faster link by itself, a link by itself with a partner to one without") {
    mode_config c = dynamic();
    c.ad_select = ad_select::bandwidth;
    switched t({0, 0, 0}, c, {1000 * M, 100 * M, 100 * M});
    t.mute = 0;
    t.run_for(10 * second);
    CHECK(t.carriers() == list{1, 2});
    t.mute = no_member;
    t.run_for(40 * second);                            // both had fallen back to one LACPDU in 30 s
    CHECK(t.carriers() == list{0});
    switched u({0, 0}, c, {1000 * M, 100 * M});
    u.mute = 0, u.alone = 1;
    u.run_for(20 * second);
    CHECK(u.carriers() == list{1});
    switched v({0, 0, 0}, c, {1000 * M, 100 * M, 100 * M});
    v.alone = 0;
    v.run_for(10 * second);
    CHECK(v.carriers() == list{1, 2});                 // both have partners, one of them aggregates
}

TEST_CASE("802.3ad: a member that comes back at another rate joins those of that rate") {
    switched t({0, 0, 0}, dynamic());
    CHECK(t.carriers() == list{0, 1, 2});
    t.cable(0, false);
    t.run_for(200 * millisecond);
    t.team.line_rate[0] = 10 * M;
    t.cable(0, true);
    t.run_for(10 * second);
    CHECK(t.carriers() == list{1, 2});
}

TEST_CASE("802.3ad: fewer members than min_links carry nothing") {
    mode_config c = dynamic();
    c.min_links = 2;
    switched t({0, 0, 0}, c);
    CHECK(t.carriers().size() == 3);
    t.cable(0, false);
    t.run_for(120 * millisecond);
    CHECK(t.carriers() == list{1, 2});
    t.cable(1, false);
    t.run_for(120 * millisecond);
    CHECK(t.carriers().empty());
    CHECK(t.team.choose(datagram()).count == 0);
    t.cable(1, true);
    t.run_for(6 * second);
    CHECK(t.carriers() == list{1, 2});
}

TEST_CASE("ad_select: stable stays with an aggregator that works, bandwidth and count move to the one that has more") {
    for (const ad_select by : {ad_select::stable, ad_select::bandwidth, ad_select::count}) {
        mode_config c = dynamic();
        c.ad_select = by;
        switched t({0, 0, 1, 1}, c);
        CHECK(t.carriers() == list{0, 1});
        t.cable(1, false);
        t.run_for(6 * second);
        CHECK(t.carriers() == (by == ad_select::stable ? list{0} : list{2, 3}));
        t.cable(1, true);
        t.run_for(6 * second);
        CHECK(t.carriers() == (by == ad_select::stable ? list{0, 1} : list{2, 3}));       // equal now: no reason to move
        t.cable(0, false), t.cable(1, false);
        t.run_for(6 * second);
        CHECK(t.carriers() == list{2, 3});
    }
    for (const ad_select by : {ad_select::bandwidth, ad_select::count}) {                  // one fast member, or two slow ones
        mode_config c = dynamic();
        c.ad_select = by;
        switched t({0, 1, 1}, c, {1000 * M, 100 * M, 100 * M});
        CHECK(t.carriers() == (by == ad_select::count ? list{1, 2} : list{0}));
    }
}

TEST_CASE("bond_lacp_prio.sh: the aggregator with the greatest sum of port priorities is used - with the priorities the other way round, the other") {
    for (const bool first : {true, false}) {
        mode_config c = dynamic();
        c.ad_select = ad_select::actor_port_prio;
        c.actor_port_prio = first ? std::vector<std::string>{"1000", "255", "10", "255"} : std::vector<std::string>{"10", "255", "1000", "255"};
        switched t({0, 0, 1, 1}, c);
        CHECK(t.carriers() == (first ? list{0, 1} : list{2, 3}));
        t.cable(1, false);                             // what makes the choice anew
        t.run_for(500 * millisecond);
        t.cable(1, true);
        t.run_for(6 * second);
        CHECK(t.carriers() == (first ? list{0, 1} : list{2, 3}));
    }
}

TEST_CASE("bond-break-lacpdu-tx.sh: LACPDUs are sent under whatever address and priority is set, within 15 s") {
    mode_config c = dynamic();
    c.ad_actor_sys_prio = 4711;
    c.ad_user_port_key = 1023;
    switched t({0, 0}, c);
    t.team.remove(0);
    t.team.insert(0, own_mac(40));
    t.team.frames.clear();
    t.run_for(15 * second);
    CHECK(t.team.frames.size() > 2 * 10);
    const auto u = aggregation::lacpdu::parse(t.team.frames.back().octets);
    CHECK((u->actor.system_priority == 4711 && u->actor.key >> 6 == 1023 && u->actor.system == own_mac(0)));
    CHECK(t.carriers() == list{0, 1});

    c.ad_actor_system = "02:00:00:00:00:aa";
    switched other({0, 0}, c);
    other.run_for(15 * second);
    CHECK(aggregation::lacpdu::parse(other.team.frames.back().octets)->actor.system == mac_address{2, 0, 0, 0, 0, 0xAA});
    CHECK(other.carriers() == list{0, 1});
}

TEST_CASE("lacp_active off: the team speaks when its partner does") {
    mode_config c = dynamic();
    c.lacp_active = false;
    switched with({0, 0}, c), without({0, 0}, c, {}, false);
    CHECK(with.carriers() == list{0, 1});
    CHECK(without.team.frames.empty());
}
