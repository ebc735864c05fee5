#include <catch2/catch.hpp>

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
        time_line->call(10'000'000 + 21 * 80'000, [&] { act(k.session(), "lan.a_to_b", "bit_errors", false, 0); });
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
