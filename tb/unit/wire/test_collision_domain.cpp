// A half-duplex repeater: what it sends where, and when.
#include <catch2/catch.hpp>

#include <map>
#include <memory>

#include "nicteam/wire/cable.h"
#include "nicteam/wire/repeater.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;

namespace {

constexpr ps octet = 80'000, delay = 56'000, latency = 460'000;

struct domain {
    explicit domain(unsigned n, bool reversed = false) {
        repeater_config r;
        r.ports = n;
        r.half_duplex = true;
        hub = std::make_unique<repeater>("hub", r);
        for (unsigned i = 0; i < n; ++i) {
            const unsigned k = reversed ? n - 1 - i : i;
            ends[k] = std::make_unique<scripted_end>(("end" + std::to_string(k)).c_str());
        }
        for (unsigned i = 0; i < n; ++i) {
            const unsigned k = reversed ? n - 1 - i : i;
            cables[k] = std::make_unique<cable>(("lan" + std::to_string(k)).c_str(), cable_config{}, *ends[k], hub->port(k));
        }
    }
    void run() { sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS)); }
    void name(unsigned end, trace_id id) { ends[end]->name_all(id); }
    std::unique_ptr<repeater> hub;
    std::map<unsigned, std::unique_ptr<scripted_end>> ends;
    std::map<unsigned, std::unique_ptr<cable>> cables;
};

struct ends_of_packets : sim::packet_observer {
    std::map<trace_id, std::string> as;            // "repeated"; twice ended: "repeated repeated"
    std::map<trace_id, trace_id> parents;
    void born(trace_id id, trace_id parent, const std::string&, std::uint32_t, ps) override { parents[id] = parent; }
    void passed(trace_id, const stage_info&, const std::string&, ps) override {}
    void ended(trace_id id, const outcome_info& o, const std::string&, ps) override { as[id] += (as[id].empty() ? "" : " ") + std::string(o.name); }
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
};

}  // namespace

TEST_CASE("a half-duplex repeater offers its links half duplex and passes a lone frame on") {
    fresh_kernel k;
    domain d(4);
    d.ends[0]->add(1'000'000, 200);
    d.run();
    CHECK_FALSE(d.ends[0]->line->outcome().full_duplex);
    CHECK(d.ends[0]->got.empty());
    for (unsigned i = 1; i < 4; ++i) {
        REQUIRE(d.ends[i]->got.size() == 1);
        CHECK(d.ends[i]->got[0].first == 1'000'000 + 2 * delay + latency);
        CHECK(d.ends[i]->got[0].quality == wire_end::good);
        CHECK(d.ends[i]->got[0].data.size() == 200);
    }
    CHECK(counted_at(k.session(), "hub.collisions") == 0);
    CHECK(counted_at(k.session(), "hub.collided") == 0);
    CHECK(counted_at(k.session(), "hub.busy") == (8 + 200 + 12) * octet);
}

TEST_CASE("two frames that meet are a jam at every port until both are over") {
    const auto run = [](bool reversed) {
        fresh_kernel k;
        domain d(3, reversed);
        d.ends[0]->add(1'000'000, 100);
        d.ends[1]->add(1'000'000 + 30 * octet, 100);
        d.run();
        CHECK(counted_at(k.session(), "hub.collisions") == 1);
        CHECK(counted_at(k.session(), "hub.collided") == 2);
        CHECK(counted_at(k.session(), "hub.spoiled") == 2);      // neither sender listens
        CHECK(counted_at(k.session(), "hub.busy") == (30 + 8 + 100 + 12) * octet);
        const ps first = 1'000'000 + 2 * delay + latency;
        // The third port: the first frame, then a jam as long as the second lasts.
        REQUIRE(d.ends[2]->got.size() == 1);
        CHECK(d.ends[2]->got[0].first == first);
        CHECK(d.ends[2]->got[0].octets == 138);
        CHECK(d.ends[2]->got[0].quality == wire_end::cut);
        CHECK(d.ends[2]->got[0].data.size() == 130);
        // The senders hear the other one's time, as a jam.
        CHECK(d.ends[0]->got.at(0).first == first + 30 * octet);
        CHECK(d.ends[0]->got.at(0).octets == 108);
        CHECK(d.ends[0]->got.at(0).quality == wire_end::cut);
        CHECK(d.ends[1]->got.at(0).first == first);
        CHECK(d.ends[1]->got.at(0).octets == 108);
        CHECK(d.ends[1]->got.at(0).quality == wire_end::cut);
        return d.ends[2]->got;
    };
    CHECK(run(false) == run(true));
}

TEST_CASE("frames that begin at the same instant are a jam from their first octet on") {
    fresh_kernel k;
    domain d(3);
    d.ends[0]->add(1'000'000, 64);
    d.ends[1]->add(1'000'000, 64);
    d.run();
    REQUIRE(d.ends[2]->got.size() == 1);
    CHECK(d.ends[2]->got[0].octets == 72);
    CHECK(d.ends[2]->got[0].quality == wire_end::cut);
    CHECK(counted_at(k.session(), "hub.collisions") == 1);
}

TEST_CASE("when all are silent again the next frame passes") {
    fresh_kernel k;
    domain d(3);
    d.ends[0]->add(1'000'000, 64);
    d.ends[1]->add(1'000'000 + 5 * octet, 64);
    d.ends[0]->add(1'000'000 + 90 * octet, 64);
    d.run();
    REQUIRE(d.ends[2]->got.size() == 2);
    CHECK(d.ends[2]->got[1].quality == wire_end::good);
    CHECK(d.ends[2]->got[1].first == 1'000'000 + 90 * octet + 2 * delay + latency);
}

TEST_CASE("every line of a collision domain carries a copy of its own which stays one packet from begin to end") {
    for (const unsigned ports : {2u, 3u}) {
        fresh_kernel k;
        domain d(ports);
        d.ends[0]->add(1'000'000, 100);
        d.ends[1]->add(1'000'000 + 30 * octet, 100);
        d.ends[1]->add(1'000'000 + 300 * octet, 64);
        d.name(0, 1001);
        d.name(1, 1002);
        ends_of_packets seen;
        k.session().observe(&seen);
        d.run();
        CAPTURE(ports);
        std::map<trace_id, unsigned> lines;
        for (auto& [n, end] : d.ends)
            for (const heard& h : end->got) {
                CHECK(h.id != 0);
                CHECK(h.id == h.id_at_begin);
                CHECK(++lines[h.id] == 1);
                CHECK(seen.parents.at(h.id) == h.parent);
                CHECK(seen.as.count(h.id) == 0);           // for its receiver to end
            }
        CHECK(seen.as.at(1001) == "repeated");
        CHECK(seen.as.at(1002) == "repeated repeated");    // two frames of one name
        CHECK(lines.size() == (ports == 2 ? 3 : 5));
    }
}

TEST_CASE("a frame that comes whole while a jam goes out everywhere is drowned") {
    fresh_kernel k;
    domain d(4);
    d.ends[0]->add(1'000'000, 200);
    d.ends[1]->add(1'000'000 + 10 * octet, 200);
    d.ends[2]->add(1'000'000 + 50 * octet, 64);
    d.name(2, 1003);
    ends_of_packets seen;
    k.session().observe(&seen);
    d.run();
    CHECK(seen.as.at(1003) == "drowned");
    CHECK(d.ends[3]->got.size() == 1);
}

TEST_CASE("a frame of one octet time is one octet on every line and goes on as cut") {
    fresh_kernel k;
    domain d(3);
    d.ends[0]->add(1'000'000, 100);
    d.name(0, 1001);
    ends_of_packets seen;
    k.session().observe(&seen);
    d.ends[1]->call(1'000'000 + delay, [&] { d.ends[0]->line->set_phy({phy_setting::role::silent, 0}, sim::now()); });
    d.run();
    REQUIRE(d.ends[2]->got.size() == 1);
    CHECK(d.ends[2]->got[0].octets == 1);
    CHECK(d.ends[2]->got[0].quality == wire_end::cut);
    CHECK(d.ends[2]->got[0].id == d.ends[2]->got[0].id_at_begin);
    CHECK(seen.as.at(1001) == "repeated");
}

TEST_CASE("the medium tells apart what came through and what was lost to collisions and how long all held back") {
    fresh_kernel k;
    domain d(3);
    d.ends[0]->add(1'000'000, 100);                               // alone
    d.ends[0]->add(1'000'000 + 200 * octet, 100);                 // met by the next
    d.ends[1]->add(1'000'000 + 230 * octet, 100);
    // Somebody waits while the first frame is under way and until 40 octets behind its gap, and again for 7 octets when all has long been silent.
    const ps middle = delay + latency, silent = 1'000'000 + middle + (8 + 100 + 12) * octet;
    d.ends[2]->call(1'000'000 + 10 * octet, [&] { d.ends[2]->line->waits(1'000'000 + 10 * octet); });
    d.ends[2]->call(silent + 40 * octet, [&] { d.ends[2]->line->waits(never); });
    d.ends[1]->call(700 * microsecond, [&] { d.ends[1]->line->waits(700 * microsecond + 3 * octet); });    // by present plans
    d.ends[2]->call(700 * microsecond + 5 * octet, [&] { d.ends[2]->line->waits(700 * microsecond + 5 * octet); });
    d.ends[1]->call(700 * microsecond + 8 * octet, [&] { d.ends[1]->line->waits(never); });
    d.ends[2]->call(700 * microsecond + 10 * octet, [&] { d.ends[2]->line->waits(never); });
    d.run();
    CHECK(counted_at(k.session(), "hub.through") == 1);
    CHECK(counted_at(k.session(), "hub.carried") == (8 + 100) * octet);
    CHECK(counted_at(k.session(), "hub.busy") == (8 + 100 + 12 + 30 + 8 + 100 + 12) * octet);
    CHECK(counted_at(k.session(), "hub.contended") == (40 + 7) * octet);
}
