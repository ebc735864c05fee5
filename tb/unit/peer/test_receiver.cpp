#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "nicteam/base/random_stream.h"
#include "unit/peer/two_peers.h"

using namespace nicteam;
using namespace nicteam::test;
using packet::traffic_config;

namespace {

// Every packet is born once, and ends at most once.
struct ledger : sim::packet_observer {
    std::map<trace_id, std::string> open, closed;
    unsigned wrong = 0;
    void born(trace_id id, trace_id, const std::string& where, std::uint32_t, ps) override { wrong += !open.emplace(id, where).second; }
    void passed(trace_id id, const stage_info&, const std::string&, ps) override { wrong += !open.count(id) && !closed.count(id); }
    void ended(trace_id id, const outcome_info& o, const std::string&, ps) override {
        wrong += !open.count(id) || !closed.emplace(id, o.name).second;
    }
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
    std::map<std::string, unsigned> outcomes() const {
        std::map<std::string, unsigned> n;
        for (const auto& c : closed) ++n[c.second];
        return n;
    }
};

}  // namespace

TEST_CASE("every frame has a lifeline that ends once whatever the wire does") {
    wire::cable_config c;
    c.a_to_b.loss = c.a_to_b.duplication = c.a_to_b.reordering = probability_one / 20;
    c.a_to_b.bit_error_ratio = probability_one / 50'000;
    two_peers net(c);
    ledger book;
    net.kernel.session().observe(&book);
    traffic_config t;
    t.pace = packet::traffic_pace::rate;
    t.rate = 60'000'000;
    t.sizes = packet::traffic_sizes::imix;
    t.count = 3'000;
    net.a_sends(t);
    net.run(500 * millisecond);
    CHECK(book.wrong == 0);
    CHECK(book.open.size() == book.closed.size());   // nothing is held at the end
    auto n = book.outcomes();
    CHECK(n["delivered"] == net.count("b.frames"));
    CHECK(n["bad_fcs"] == net.count("b.bad_fcs"));
    CHECK(n["lost_on_wire"] == net.count("lan.a_to_b.lost"));
    CHECK(n["lost_on_wire"] > 100);
    CHECK(n["bad_fcs"] > 50);
    CHECK(net.count("b.verified") == net.count("b.frames"));
    CHECK(net.count("b.duplicates") > 100);
    CHECK(net.count("b.out_of_order") > 50);
    // Skipped and not come later: lost or damaged before a later one came.
    const auto missing = net.count("b.skipped") - net.count("b.out_of_order");
    const auto gone = 3'000 - (net.count("b.verified") - net.count("b.duplicates"));
    CHECK(missing <= gone);
    CHECK(missing + 5 >= gone);
}

TEST_CASE("observers change nothing") {
    const auto run = [](bool watched) {
        wire::cable_config c;
        c.a_to_b.loss = c.a_to_b.duplication = c.a_to_b.reordering = probability_one / 10;
        c.a_to_b.bit_error_ratio = probability_one / 50'000;
        two_peers net(c);
        ledger book;
        recorder seen;
        if (watched) net.kernel.session().observe(&book);
        if (watched) seen.attach(net.kernel.session(), "lan.a_to_b.wire");
        if (watched) seen.attach(net.kernel.session(), "a.port");
        traffic_config t;
        t.sizes = packet::traffic_sizes::imix;
        net.a_sends(t);
        net.run(20 * millisecond);
        std::map<std::string, std::string> all;
        for (const auto& m : net.kernel.session().metrics())
            all[m.path] = m.as_counter ? std::to_string(m.as_counter->value()) : m.as_histogram ? std::to_string(static_cast<std::int64_t>(m.as_histogram->sum())) : "";
        return all;
    };
    CHECK(run(false) == run(true));
}

TEST_CASE("runts and giants and frames for others are counted and not delivered") {
    auto b = at("02:00:00:00:00:0b", "192.0.2.11");
    for (const bool promiscuous : {false, true}) {
        b.promiscuous = promiscuous;
        two_peers net({}, false, 1, at("02:00:00:00:00:0a", "192.0.2.10"), b);
        auto s = std::make_unique<script>();
        s->add(0, bytes(59, 0));
        s->add(10 * microsecond, bytes(1515, 0));
        s->add(200 * microsecond, bytes(60, 2));
        net.a->add_source(std::move(s));
        net.run(millisecond);
        CHECK(net.count("b.short") == 1);
        CHECK(net.count("b.long") == 1);
        CHECK(net.count("b.filtered") == (promiscuous ? 0 : 1));
        CHECK(net.count("b.frames") == (promiscuous ? 1 : 0));
    }
}

TEST_CASE("any octets are received without harm") {
    random_stream r(1, "fuzz", "test");
    two_peers net;
    auto s = std::make_unique<script>();
    for (int i = 0; i < 3'000; ++i) {
        bytes f(r.below(120));
        for (auto& x : f) x = static_cast<std::uint8_t>(r.next());
        if (f.size() > 40 && r.below(4)) {
            const std::uint8_t head[] = {2, 0, 0, 0, 0, 0x0b, 2, 0, 0, 0, 0, 0x0a, 8, static_cast<std::uint8_t>(r.below(2) * 6), 0x45};
            std::copy(std::begin(head), std::end(head), f.begin());
            if (r.below(2)) f[16] = 0;
            f[23] = r.below(2) ? 17 : 1;
        }
        s->add(i * 20 * microsecond, f);
    }
    net.a->add_source(std::move(s));
    net.run(100 * millisecond);
    CHECK(net.count("b.frames") + net.count("b.short") + net.count("b.filtered") + net.count("b.long") == 3'000);
    CHECK(net.count("b.bad_checksum") > 20);
}

TEST_CASE("a link cut for a time loses frames with a reason and the count shows how many") {
    two_peers net;
    ledger book;
    net.kernel.session().observe(&book);
    traffic_config t;
    t.pace = packet::traffic_pace::frames;
    t.frames_per_second = 10'000;
    t.frame_size = 64;
    t.count = 100;
    net.a_sends(t);
    net.kernel.session().settle_order();
    sc_core::sc_start(sc_core::sc_time(2'003, sc_core::SC_US));   // under way: the frame of 2,000 us
    net.lan->set_link(false, sim::now());
    sc_core::sc_start(sc_core::sc_time(1'000, sc_core::SC_US));
    net.lan->set_link(true, sim::now());
    sc_core::sc_start(sc_core::sc_time(20, sc_core::SC_MS));
    CHECK(net.count("b.cut") == 1);
    CHECK(net.count("lan.a_to_b.lost_link_down") == 10);
    CHECK(net.count("b.verified") == 89);
    CHECK(net.count("b.skipped") == 11);
    CHECK(book.wrong == 0);
    CHECK(book.open.size() == book.closed.size());
    CHECK(book.outcomes()["link_down"] == 10);
}
