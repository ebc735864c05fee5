// REQ# and GNT#: docs/bus.md, section 1.
#include <catch2/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

#include "nicteam/pci/arbiter.h"
#include "unit/pci/workbench.h"

using namespace nicteam;
using nicteam::test::run_text;

namespace {

struct seen {
    unsigned master;
    long long request, address, idle;      // clocks
};
std::vector<seen> tenures(const std::string& text) {
    std::vector<seen> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        seen s{};
        char data[200];
        REQUIRE(std::sscanf(line.c_str(), "%u %*s %*s %*s %lld %lld %199s %lld", &s.master, &s.request, &s.address, data, &s.idle) == 5);
        s.request /= 30'000;
        s.address /= 30'000;
        s.idle /= 30'000;
        all.push_back(s);
    }
    return all;
}
const std::string target = "target base=0 size=65536\n";
const std::string item = "item arrival=300000 command=7\n";    // acts at edge 10

}  // namespace

TEST_CASE("Round robin takes the next master after the last") {
    const auto a = pci::make_round_robin();
    CHECK(a->choose(0b1111, 0) == 1);
    CHECK(a->choose(0b1001, 0) == 3);
    CHECK(a->choose(0b0001, 0) == 0);
    CHECK(a->choose(0b0011, 3) == 0);
    CHECK(a->choose(0x80000001u, 31) == 0);
    CHECK(a->choose(0x80000000u, 30) == 31);
}

TEST_CASE("Fixed priority takes the lowest number") {
    const auto a = pci::make_fixed();
    CHECK(a->choose(0b1110, 1) == 1);
    CHECK(a->choose(0x80000000u, 0) == 31);
}

TEST_CASE("A parked master starts with its request") {
    const auto t = tenures(run_text("bus until=3000000\nmaster\n" + item + target));
    REQUIRE(t.size() == 1);
    CHECK(t[0].request == 11);
    CHECK(t[0].address == 11);
}

TEST_CASE("Parked elsewhere a master waits three clocks") {
    const auto t = tenures(run_text("bus until=3000000\nmaster\nmaster\n" + item + target));
    REQUIRE(t.size() == 1);
    CHECK(t[0].request == 11);
    CHECK(t[0].address == 14);
}

TEST_CASE("Parked nowhere a master waits two clocks") {
    const auto t = tenures(run_text("bus until=3000000 parking=none\nmaster\n" + item + target));
    REQUIRE(t.size() == 1);
    CHECK(t[0].address == t[0].request + 2);
}

TEST_CASE("Parking at the first or at the last master") {
    const std::string work =
        "master\nitem arrival=3000000 command=7\nmaster\nitem arrival=300000 command=7\nitem arrival=6000000 command=7\n" + target;
    const auto last = tenures(run_text("bus until=30000000\n" + work));
    const auto first = tenures(run_text("bus until=30000000 parking=first\n" + work));
    REQUIRE(last.size() == 3);
    REQUIRE(first.size() == 3);
    CHECK(last[1].address - last[1].request == 3);      // parked at 1
    CHECK(first[1].address - first[1].request == 0);
    CHECK(last[2].address - last[2].request == 3);      // parked at 0
    CHECK(first[2].address - first[2].request == 3);
}

TEST_CASE("A parked master may start in the clock in which it loses GNT") {
    // Master 1 acts at edge 10: REQ# at 11, seen there. Master 0, parked, acts at 11, its GNT# still low.
    const auto t = tenures(run_text("bus until=3000000\nmaster\nitem arrival=330000 command=7\nmaster\n" + item + target));
    REQUIRE(t.size() == 2);
    CHECK(t[0].master == 0);
    CHECK(t[0].address == 12);
    CHECK(t[1].address == t[0].idle + 1);               // hidden arbitration
    // One edge later it has lost it: one clock without GNT#, then 1 after 0.
    const auto u = tenures(run_text("bus until=3000000\nmaster\nitem arrival=360000 command=7\nmaster\n" + item + target));
    REQUIRE(u.size() == 2);
    CHECK(u[0].master == 1);
    CHECK(u[0].address == 14);
}

TEST_CASE("Hidden arbitration leaves one idle clock") {
    const std::string two = "item command=7 bytes=32\nitem command=7 bytes=32\n";
    const auto t = tenures(run_text("bus until=30000000\nmaster\n" + two + "master\n" + two + target));
    REQUIRE(t.size() == 4);
    for (unsigned i = 0; i + 1 < 4; ++i) CHECK(t[i + 1].address == t[i].idle + 1);
    CHECK(t[0].master == 0);
    CHECK(t[1].master == 1);
    CHECK(t[2].master == 0);
}

TEST_CASE("A master alone keeps REQ high for the idle edge") {
    const auto t = tenures(run_text("bus until=30000000\nmaster\nitem command=7\nitem command=7\n" + target));
    REQUIRE(t.size() == 2);
    CHECK(t[1].request == t[0].idle + 1);
    CHECK(t[1].address == t[1].request);                // parked here
}

TEST_CASE("Fixed priority starves the higher numbers") {
    const std::string many = "item command=7\nitem command=7\nitem command=7\n";
    const auto t = tenures(
        run_text("bus arbiter=fixed parking=none until=30000000\nmaster\n" + many + "master\n" + many + "master\n" + many + target));
    REQUIRE(t.size() == 9);
    // A tenure's own REQ# is high at the edge at which the next holder is chosen: 0 and 1 alternate, 2 comes last.
    std::string order;
    for (const seen& s : t) order += std::to_string(s.master);
    CHECK(order == "010101222");
}

TEST_CASE("GNT passes through nobody on an idle bus and not on a busy one") {
    test::run_how grants;
    grants.grants = true;
    const std::string text =
        run_text("bus until=30000000\nmaster\nitem arrival=450000 command=7 bytes=64\nmaster\n" + item + target, grants);
    // Parked at 0 from power-on; lost at 12, given to 1 at 13, its tenure begins at 14; 0 asks at 16 and is granted at 17.
    CHECK(text.substr(0, text.find("1 7")) == "gnt 0 0\ngnt -1 360000\ngnt 1 390000\ngnt 0 510000\n");
}

TEST_CASE("Off-edge arrivals count from the next edge") {
    const auto t = tenures(run_text("bus until=3000000\nmaster\nitem arrival=300001 command=7\n" + target));
    REQUIRE(t.size() == 1);
    CHECK(t[0].address == 12);
}
