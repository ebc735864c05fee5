// LACP between two switches, with cables: what it takes, when, and what it refuses.
#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <random>

#include "nicteam/aggregation/lacp.h"
#include "nicteam/wire/cable.h"
#include "nicteam/wire/ethernet_switch.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;

namespace {

// Ports 0 and 1 of two switches are joined by two cables; at port 2 of each there is a station.
struct pair_of_switches {
    pair_of_switches(lacp_mode west_mode, lacp_mode east_mode, bool fast = true) {
        switch_config c;
        c.ports = 3;
        c.groups = {{"team", {0, 1}, port_choice_kind::source_mac, west_mode, fast}};
        west = std::make_unique<ethernet_switch>("west", c);
        c.groups[0].lacp = east_mode;
        c.mac = "02:00:00:00:01:02";
        east = std::make_unique<ethernet_switch>("east", c);
        w = std::make_unique<scripted_end>("w");
        e = std::make_unique<scripted_end>("e");
        const auto join = [&](wire_end_point& a, wire_end_point& b) {
            cables.push_back(std::make_unique<cable>(("lan" + std::to_string(cables.size())).c_str(), cable_config{}, a, b));
        };
        join(west->port(0), east->port(0));
        join(west->port(1), east->port(1));
        join(*w, west->port(2));
        join(*e, east->port(2));
    }
    // Eight sources, so that both cables are used.
    void burst(scripted_end& from, ps at) {
        for (unsigned i = 0; i < 8; ++i) {
            bytes f(60, 0xEE);
            std::fill_n(f.begin(), 6, 0xFF);
            const std::uint8_t source[6] = {2, 0, 0, 0, static_cast<std::uint8_t>(&from == w.get()), static_cast<std::uint8_t>(i)};
            std::copy_n(source, 6, f.begin() + 6);
            from.add_octets(at + i * 100'000'000, f);
        }
    }
    static std::uint64_t count(const std::string& m) { return counted_at(sim::session::current(), m); }
    static std::int64_t members(const std::string& of) {
        for (const auto& m : sim::session::current().metrics())
            if (m.path == of + ".team.members") return m.as_level->value();
        return -1;
    }
    static void fault(const std::string& path, const std::string& what, bool begin) {
        for (const auto& f : sim::session::current().faults())
            if (f.path == path && f.info->name == what) return f.act(begin, 0, sim::now());
        throw std::logic_error("no fault");
    }
    static void to(ps t) { sc_core::sc_start(sim::to_sc_time(t - sim::now())); }

    std::unique_ptr<ethernet_switch> west, east;
    std::unique_ptr<scripted_end> w, e;
    std::vector<std::unique_ptr<cable>> cables;
};

}  // namespace

TEST_CASE("two switches take both cables once the aggregation wait is over, and use both") {
    fresh_kernel k;
    pair_of_switches p(lacp_mode::active, lacp_mode::passive);
    p.burst(*p.w, second);                                   // too early: nothing is taken yet
    p.burst(*p.w, 7 * second);
    p.burst(*p.e, 8 * second);
    p.to(aggregation::lacp_time::aggregate_wait - millisecond);
    CHECK(p.members("west") == 0);
    CHECK(p.e->got.empty());
    p.to(6 * second);                                        // a first LACPDU, the wait, and three more to agree
    CHECK(p.members("west") == 2);
    CHECK(p.members("east") == 2);
    p.to(9 * second);
    CHECK(p.e->got.size() == 8);
    CHECK(p.w->got.size() == 8);
    CHECK(p.count("west.no_port") == 8);
    CHECK(p.count("west.moves") == 0);
    CHECK(p.count("east.moves") == 0);
    for (const char* port : {"west.port_0", "west.port_1"}) CHECK(p.count(std::string(port) + ".tx_frames") > 4);
    CHECK(p.count("west.team.lacp_sent") >= p.count("east.team.lacp_received"));
    CHECK(p.count("east.team.lacp_received") > 6);
    CHECK(p.count("west.reserved") == p.count("west.team.lacp_received"));
}

TEST_CASE("a path that dies with its link up is found by LACP in three seconds of silence, and the other cable has all") {
    fresh_kernel k;
    pair_of_switches p(lacp_mode::active, lacp_mode::active);
    p.to(6 * second);
    REQUIRE(p.members("west") == 2);
    p.fault("west.port_0", "path_dead", true);
    p.to(7 * second);
    CHECK(p.members("east") == 2);                           // nobody knows yet
    p.to(10 * second);
    CHECK(p.members("west") == 1);
    CHECK(p.members("east") == 1);
}

TEST_CASE("what is sent while a group has one member goes by that one") {
    fresh_kernel k;
    pair_of_switches p(lacp_mode::active, lacp_mode::active);
    p.burst(*p.w, 8 * second);
    p.to(6 * second);
    p.cables[1]->set_link(false, sim::now());
    CHECK(p.members("west") == 1);                           // at once: the link tells
    CHECK(p.members("east") == 1);
    p.to(9 * second);
    CHECK(p.e->got.size() == 8);
    p.cables[1]->set_link(true, sim::now());
    p.to(15 * second);
    CHECK(p.members("west") == 2);
    CHECK(p.members("east") == 2);
}

TEST_CASE("two that are passive, or one that is static, carry nothing to each other's group") {
    for (const auto east : {lacp_mode::passive, lacp_mode::off}) {
        fresh_kernel k;
        pair_of_switches p(lacp_mode::passive, east);
        p.burst(*p.w, 5 * second);
        p.burst(*p.e, 6 * second);
        p.to(8 * second);
        CHECK(p.members("west") == 0);
        CHECK(p.e->got.empty());
        CHECK(p.w->got.empty());
        CHECK(p.count("west.port_0.rx_not_aggregated") + p.count("west.port_1.rx_not_aggregated") == (east == lacp_mode::off ? 8 : 0));
    }
}

TEST_CASE("power off ends an aggregation at both ends and power on makes it anew") {
    fresh_kernel k;
    pair_of_switches p(lacp_mode::active, lacp_mode::active);
    p.to(6 * second);
    REQUIRE(p.members("west") == 2);
    p.fault("east", "power_off", true);
    CHECK(p.members("west") == 0);
    p.to(7 * second);
    p.fault("east", "power_off", false);
    p.to(13 * second);
    CHECK(p.members("west") == 2);
    CHECK(p.members("east") == 2);
}

TEST_CASE("LACPDUs go before what waits, and a full queue loses none of them") {
    fresh_kernel k;
    switch_config c;
    c.ports = 2;
    c.queue = 1;
    c.groups = {{"team", {0}, port_choice_kind::source_mac, lacp_mode::active, true}};
    ethernet_switch s("s", c);
    c.mac = "02:00:00:00:01:02";
    ethernet_switch t("t", c);
    scripted_end fast_one("f"), sink("k");
    cable_config slow, gigabit;
    slow.rate = 10'000'000;
    gigabit.rate = 1'000'000'000;
    cable trunk("trunk", slow, s.port(0), t.port(0)), in("in", gigabit, fast_one, s.port(1)), out("out", gigabit, sink, t.port(1));
    for (unsigned i = 0; i < 20'000; ++i) fast_one.add(6 * second + ps{i} * 200'000'000, 1518);      // more than the trunk carries, for four seconds
    sc_core::sc_start(sim::to_sc_time(10 * second));
    CHECK(counted_at(k.session(), "s.port_0.full") > 6'000);
    CHECK(counted_at(k.session(), "t.team.lacp_received") >= counted_at(k.session(), "s.team.lacp_sent") - 1);
    CHECK(counted_at(k.session(), "t.team.lacp_received") >= 9);
    CHECK(sink.got.size() > 1000);
}

TEST_CASE("any octets, of any length and however they end, each end once with a name") {
    struct books : sim::packet_observer {
        std::map<trace_id, unsigned> ends;
        void born(trace_id id, trace_id, const std::string&, std::uint32_t, ps) override { ends[id]; }
        void passed(trace_id, const stage_info&, const std::string&, ps) override {}
        void ended(trace_id id, const outcome_info&, const std::string&, ps) override { ++ends[id]; }
        void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
    } all;
    fresh_kernel k;
    k.session().observe(&all);
    pair_of_switches p(lacp_mode::active, lacp_mode::passive);
    std::mt19937_64 random(5);
    trace_id next = trace_id{1} << 60;
    for (unsigned i = 0; i < 20'000; ++i) {
        scripted_end& from = i % 2 ? *p.w : *p.e;
        bytes f(random() % 5 ? 60 + random() % 1000 : random() % 70);
        for (auto& o : f) o = static_cast<std::uint8_t>(random());
        if (f.size() > 14 && i % 3 == 0) {                   // LACPDUs, markers and MAC control frames, or nearly
            const std::uint8_t head[] = {0x01, 0x80, 0xC2, 0x00, 0x00, static_cast<std::uint8_t>(random() % 4)};
            std::copy(std::begin(head), std::end(head), f.begin());
            f[12] = 0x88, f[13] = static_cast<std::uint8_t>(8 + random() % 2), f[14] = static_cast<std::uint8_t>(random() % 4);
        }
        const trace_id id = ++next;
        all.ends[id];
        from.add_octets(4 * second + ps{i / 2} * 200'000'000, f);
        from.name_last(id);
    }
    k.session().settle_order();
    p.to(8 * second);
    for (const scripted_end* station : {p.w.get(), p.e.get()})
        for (const heard& h : station->got) ++all.ends[h.id];        // which ends nothing itself
    unsigned wrong = 0;
    for (const auto& [id, n] : all.ends) wrong += n != 1;
    CHECK(wrong == 0);
    CHECK(p.w->got.size() + p.e->got.size() > 5'000);
    CHECK(all.ends.size() > 20'000);
}
