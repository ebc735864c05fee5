#include <catch2/catch.hpp>

#include <map>
#include <memory>

#include "nicteam/wire/cable.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;

namespace {

void act(sim::session& s, const std::string& path, const std::string& name, bool begin, std::int64_t amount) {
    for (auto& f : s.faults())
        if (f.path == path && name == f.info->name) return f.act(begin, amount, sim::now());
    throw std::logic_error("no fault " + name + " at " + path);
}

// Faults come before or after what the sender does at the same time: the other of the two is a delta cycle late.
struct outcome {
    std::vector<heard> a, b;
    std::vector<std::pair<ps, bool>> carrier;
    std::uint64_t cut, lost, arrived;
    bool operator==(const outcome& o) const { return a == o.a && b == o.b && carrier == o.carrier && cut == o.cut && lost == o.lost && arrived == o.arrived; }
};

outcome try_fault(ps delay, ps down, ps up, bool faults_first, ps lead = 0) {
    fresh_kernel k;
    const auto time_line = std::make_unique<scripted_end>("faults", !faults_first);
    scripted_end a("a", faults_first), b("b");
    cable_config c;
    c.delay = delay;
    cable lan("lan", c, a, b);
    for (int i = 0; i < 4; ++i) a.add(i * 6'720'000, 64, i ? lead : 0);
    b.add(80'000, 64);
    time_line->call(down, [&] { act(k.session(), "lan", "link_down", true, 0); });
    time_line->call(up, [&] { act(k.session(), "lan", "link_down", false, 0); });
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS));
    CHECK(a.carrier == b.carrier);
    const auto metric = [&](const char* n) { return counted_at(k.session(), std::string("lan.a_to_b.") + n); };
    CHECK(metric("frames") == 4);
    CHECK(metric("frames") == metric("arrived") + metric("cut") + metric("lost_link_down"));
    return {a.got, b.got, b.carrier, metric("cut"), metric("lost_link_down"), metric("arrived")};
}

}  // namespace

TEST_CASE("a link that goes down cuts the frames under way at both ends") {
    const outcome o = try_fault(56'000, 2'000'000, 9'000'000, true);
    CHECK(o.carrier == std::vector<std::pair<ps, bool>>{{2'000'000, false}, {9'000'000, true}});
    REQUIRE(o.b.size() == 3);   // the second began while it was down
    CHECK(o.b[0].quality == wire_end::cut);
    CHECK(o.b[0].ended == 2'000'000);
    CHECK(o.b[0].last == 56'000 + 24 * 80'000);
    CHECK(o.b[0].octets == 25);
    CHECK(o.b[0].data.size() == 17);
    CHECK(o.b[0].replans == 1);
    CHECK(o.b[1].first == 2 * 6'720'000 + 56'000);
    CHECK(o.b[1].quality == wire_end::good);
    REQUIRE(o.a.size() == 1);
    CHECK(o.a[0].quality == wire_end::cut);
    CHECK(o.lost == 1);
    CHECK(o.cut == 1);
}

TEST_CASE("faults that fall on an edge act the same whoever runs first") {
    for (const ps delay : {ps{0}, ps{56'000}, ps{80'000}})
        for (const ps lead : {ps{0}, ps{80'000}})
            for (const ps shift : {ps{0}, delay, -lead})
                for (const ps at : {ps{80'000}, ps{71 * 80'000}, ps{6'720'000}, ps{6'720'000 + 80'000}, ps{6'720'000 + 71 * 80'000}})
                    for (const ps down_for : {ps{6'720'000}, ps{2 * 6'720'000}}) {
                        const ps down = at + shift;
                        const outcome x = try_fault(delay, down, down + down_for, true, lead), y = try_fault(delay, down, down + down_for, false, lead);
                        INFO("delay " << delay << " lead " << lead << " down at " << down << " for " << down_for);
                        CHECK(x == y);
                    }
}

TEST_CASE("overlapping cuts end with the last one") {
    fresh_kernel k;
    scripted_end a("a"), b("b");
    cable lan("lan", cable_config{}, a, b);
    a.call(1'000, [&] { act(k.session(), "lan", "link_down", true, 0); });
    a.call(2'000, [&] { act(k.session(), "lan", "link_down", true, 0); });
    a.call(3'000, [&] { act(k.session(), "lan", "link_down", false, 0); });
    a.call(4'000, [&] {
        CHECK_FALSE(a.line->link_up());
        act(k.session(), "lan", "link_down", false, 0);
        CHECK(a.line->link_up());
    });
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_US));
    CHECK(b.carrier == std::vector<std::pair<ps, bool>>{{1'000, false}, {4'000, true}});
}

TEST_CASE("bit errors for a time damage the octets of that time in that direction") {
    for (const bool first : {false, true}) {
        fresh_kernel k;
        std::unique_ptr<scripted_end> time_line;
        if (first) time_line = std::make_unique<scripted_end>("faults");
        scripted_end a("a"), b("b");
        if (!first) time_line = std::make_unique<scripted_end>("faults");
        cable lan("lan", cable_config{}, a, b);
        for (int i = 0; i < 3; ++i) {
            a.add(i * 10'000'000, 64);
            b.add(i * 10'000'000, 64);
        }
        // From data octet 11 (strictly after octet 18 of the second frame) to octet 13 inclusive.
        time_line->call(10'000'000 + 18 * 80'000, [&] { act(k.session(), "lan.a_to_b", "bit_errors", true, probability_one); });
        time_line->call(10'000'000 + 21 * 80'000, [&] { act(k.session(), "lan.a_to_b", "bit_errors", false, probability_one); });
        sc_core::sc_start(sc_core::sc_time(100, sc_core::SC_US));
        REQUIRE(b.got.size() == 3);
        CHECK(b.got[0].quality == wire_end::good);
        CHECK(b.got[1].quality == wire_end::bad_fcs);
        CHECK(b.got[2].quality == wire_end::good);
        for (std::size_t i = 0; i < 60; ++i)
            CHECK((b.got[1].data[i] ^ b.got[1].at_begin[i]) == (i >= 11 && i <= 13 ? 0xFF : 0));
        for (const heard& h : a.got) CHECK(h.quality == wire_end::good);
        CHECK(counted_at(k.session(), "lan.a_to_b.damaged") == 1);
    }
}

TEST_CASE("of several bit error faults the highest ratio holds and the configured one after the last") {
    fresh_kernel k;
    scripted_end a("a"), b("b");
    cable lan("lan", cable_config{}, a, b);
    a.add(0, 64);
    constexpr ps octet = 80'000;
    constexpr std::int64_t low = 1;               // 1e-18: never within a frame
    // After data octet n: (8 + n) octet times.
    const auto at = [&](int n, const char* path, bool begin, std::int64_t ratio) { a.call((8 + n) * octet, [&k, path, begin, ratio] { act(k.session(), path, "bit_errors", begin, ratio); }); };
    at(9, "lan.a_to_b", true, low);
    at(19, "lan", true, probability_one);         // on the link: both directions
    at(24, "lan.a_to_b", true, low);
    at(29, "lan.a_to_b", false, low);
    at(34, "lan", false, probability_one);
    at(39, "lan.a_to_b", false, low);
    at(44, "lan.a_to_b", true, probability_one);
    at(46, "lan", true, probability_one);
    at(47, "lan.a_to_b", false, probability_one);
    at(49, "lan", false, probability_one);
    sc_core::sc_start(sc_core::sc_time(100, sc_core::SC_US));
    REQUIRE(b.got.size() == 1);
    for (int i = 0; i < 60; ++i) CHECK((b.got[0].data[static_cast<std::size_t>(i)] ^ i) == ((i >= 20 && i <= 34) || (i >= 45 && i <= 49) ? 0xFF : 0));
}

// Counts each packet's births and ends.
struct lives : sim::packet_observer {
    void born(trace_id id, trace_id, const std::string&, std::uint32_t, ps) override { ++births[id]; }
    void passed(trace_id, const stage_info&, const std::string&, ps) override {}
    void ended(trace_id id, const outcome_info&, const std::string&, ps) override { ++ends[id]; }
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
    std::map<trace_id, int> births, ends;
};

TEST_CASE("bit errors that begin or end amid a frame leave it the packet that it is") {
    for (const auto& [from, until] : {std::pair{20, 30}, {20, 100}, {-50, 20}, {-50, -49}}) {
        fresh_kernel k;
        lives seen;
        k.session().observe(&seen);
        scripted_end a("a"), b("b");
        cable lan("lan", cable_config{}, a, b);
        a.add(100 * 80'000, 64);
        a.name_all(77);
        a.call((100 + 8 + from) * 80'000, [&] { act(k.session(), "lan.a_to_b", "bit_errors", true, probability_one); });
        a.call((100 + 8 + until) * 80'000, [&] { act(k.session(), "lan.a_to_b", "bit_errors", false, probability_one); });
        sc_core::sc_start(sc_core::sc_time(100, sc_core::SC_US));
        REQUIRE(b.got.size() == 1);
        CHECK((b.got[0].quality == wire_end::bad_fcs) == (until > 0));
        CHECK(b.got[0].id == 77);
        CHECK(b.got[0].id_at_begin == 77);
        CHECK(seen.births.empty());
        CHECK(seen.ends.empty());                 // whoever receives it ends it
    }
}
