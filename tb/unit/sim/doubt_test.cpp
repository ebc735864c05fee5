// A host in doubt: who lets go of a packet that nobody has ends it.
#include <algorithm>

#include "nicteam/sim/doubt.h"
#include "nicteam/sim/session.h"

#include <catch2/catch.hpp>

using namespace nicteam;
using namespace nicteam::sim;

namespace {

constexpr outcome_info why = {"misled", true, "nobody had it"};

struct books : packet_observer {
    void born(trace_id, trace_id, const std::string&, std::uint32_t, ps) override {}
    void passed(trace_id, const stage_info&, const std::string&, ps) override {}
    void ended(trace_id id, const outcome_info&, const std::string&, ps) override { ends.push_back(id); }
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
    bool over(trace_id id) const override { return std::find(ends.begin(), ends.end(), id) != ends.end(); }
    std::vector<trace_id> ends;
};

}  // namespace

TEST_CASE("in doubt a packet ends with who lets go of it last and without doubt with nobody new") {
    session s;
    books b;
    s.observe(&b);
    station &driver = s.bind_station("h.p.n.driver"), &wire = s.bind_station("lan.a_to_b");
    doubt& d = s.doubt_of("h.p");
    CHECK(&d == &s.doubt_of("h.q"));              // one for all buses of a host
    CHECK(&d != &s.doubt_of("i.p"));
    d.settle(1, driver, why, 5);
    CHECK(b.ends.empty());
    d.raise("h.p");
    d.settle(0, driver, why, 5);
    wire.hands = {2};
    d.settle(2, driver, why, 5);                  // on the wire: it ends there
    CHECK(b.ends.empty());
    CHECK(d.has_left(2));
    driver.hands = {3};
    CHECK_FALSE(d.has_left(3));                   // within the host
    d.settle(3, driver, why, 5);
    CHECK(b.ends.empty());
    driver.hands = {};
    d.settle(3, driver, why, 5);
    d.settle(3, driver, why, 5);                  // once
    CHECK(b.ends == std::vector<trace_id>{3});
    CHECK(d.over(3));
    CHECK(d.has_left(3));
    CHECK_FALSE(s.doubt_of("i.p").over(3));
}

TEST_CASE("doubt reaches the bus that it came from and those behind it") {
    session s;
    doubt d(s, "h");
    d.lies_behind("h.q", "h.p");
    d.lies_behind("h.r", "h.q");
    CHECK_FALSE(d.reaches("h.p"));
    d.raise("h.q");
    CHECK(d.raised());
    CHECK_FALSE(d.reaches("h.p"));
    CHECK(d.reaches("h.q"));
    CHECK(d.reaches("h.r"));
    CHECK_FALSE(d.reaches("h.s"));                // beside it
}
