// [[switch]] and [[port_group]]: what is refused and why, what is built, and that nothing is lost without a name.
#include <catch2/catch.hpp>

#include "scenario/relations/switch_ports.h"
#include "unit/scenario/text_scenario.h"

using namespace nicteam::test;
using namespace nicteam::scenario;

namespace {

std::string link(const std::string& name, const std::string& a, const std::string& b, const std::string& more = "") {
    return "[[link]]\nname = \"" + name + "\"\na = \"" + a + "\"\nb = \"" + b + "\"\n" + more;
}
std::string made(const std::string& kind, const std::string& name, const std::string& more = "") {
    return "[[" + kind + "]]\nname = \"" + name + "\"\n" + more;
}
std::string group(const std::string& name, const std::string& at, const std::string& ports, const std::string& more = "") {
    return made("port_group", name, "switch = \"" + at + "\"\nports = [" + ports + "]\n" + more);
}
const std::string three = made("peer", "p") + made("peer", "q") + made("peer", "r");

// Switch s with peers p, q, r at links l0, l1, l2.
std::string star(const std::string& more = "") {
    return made("switch", "s", more) + three + link("l0", "p", "s") + link("l1", "s", "q") + link("l2", "r", "s");
}

bool says(const std::string& text, const std::string& what) {
    text_scenario s;
    const std::string e = s.errors(text);
    INFO(e);
    CHECK(e.find(what) != std::string::npos);
    return e.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("ports are numbered by links in scenario order and called by link or by who is at the other end") {
    text_scenario s;
    const auto r = s.read(star("static_addresses = [\"02:00:00:00:00:77 q\"]\n") + group("t", "s", "\"l2\", \"p\"", "choice = \"source_mac\"\n"));
    REQUIRE(r.found.none());
    const auto c = switch_config_of(*r.what->find("s"), *r.what);
    CHECK(c.ports == 3);
    CHECK(c.mac == "02:00:00:00:01:01");
    CHECK(c.names == std::vector<std::string>{"l0", "l1", "l2"});
    REQUIRE(c.groups.size() == 1);
    CHECK(c.groups[0].ports == std::vector<unsigned>{0, 2});
    CHECK(c.groups[0].choice == nicteam::wire::port_choice_kind::source_mac);
    REQUIRE(c.fixed.size() == 1);
    CHECK(c.fixed[0] == std::pair<std::uint64_t, unsigned>{0x020000000077, 1});
}

TEST_CASE("groups that cannot be are refused") {
    CHECK(says(star() + group("t", "s", ""), "port_group.ports of s.t: a group without ports"));
    CHECK(says(star() + group("t", "s", "\"l0\", \"p\""), "port_group.ports of s.t: l0 stands twice"));
    CHECK(says(star() + group("t", "s", "\"l0\"") + group("u", "s", "\"p\""), "port_group.ports of s.u: l0 is in s.t already"));
    CHECK(says(star() + group("t", "s", "\"l9\""), "port_group.ports = \"l9\": there is no such"));
    CHECK(says(star() + made("peer", "x") + made("peer", "y") + link("l7", "x", "y") + group("t", "s", "\"l7\""),
               "port_group.ports of s.t: \"l7\" is no link that ends at s, and not at the other end of one; allowed: l0, l1, l2, or what is at"));
    CHECK(says(star() + made("peer", "x") + link("l7", "x", "s", "rate = \"10 Mbps\"\n") + group("t", "s", "\"l0\", \"l7\""),
               "port_group.ports of s.t: l7 has 10 Mbps, and l0 has 100 Mbps; allowed: links of one rate"));
    CHECK(says(star() + group("t", "nowhere", "\"l0\""), "port_group.switch = \"nowhere\": there is no such"));
    CHECK(says(star() + made("port_group", "t", "switch = \"s\"\n"), "port_group.ports of t: is missing"));
    CHECK(says(star() + group("port_l0", "s", "\"l0\""), "port_group.name = \"port_l0\": is taken in s"));
}

TEST_CASE("a static address needs an address and a port") {
    for (const char* wrong : {"02:00:00:00:00:05", "02:00:00:00:05 l0", "ff:ff:ff:ff:ff:ff l0", "", " l0"})
        CHECK(says(star("static_addresses = [\"" + std::string(wrong) + "\"]\n"),
                   "switch.static_addresses of s: \"" + std::string(wrong) + "\" is no address of a station and its port"));
    CHECK(says(star("static_addresses = [\"02:00:00:00:00:05 l9\"]\n"), "\"l9\" is no link that ends at s"));
    CHECK(says(star("static_addresses = [\"02:00:00:00:00:05 l0\", \"02-00-00-00-00-05 l1\"]\n"), "stands twice"));
    CHECK(says(star("table_size = 1\nstatic_addresses = [\"02:00:00:00:00:05 l0\", \"02:00:00:00:00:06 l1\"]\n"),
               "switch.table_size = 1: switch.static_addresses are 2"));
}

TEST_CASE("who is half duplex, too many, or nowhere is refused at a switch") {
    CHECK(says(made("switch", "s") + made("peer", "p", "duplex = \"half\"\n") + made("peer", "q") + link("l0", "p", "s") + link("l1", "q", "s"),
               "link.b = \"s\": a switch is full duplex, and p is half duplex"));
    CHECK(says(made("switch", "s") + made("peer", "p", "autonegotiation = false\n") + made("peer", "q") + link("l0", "p", "s") + link("l1", "q", "s"),
               "a switch is full duplex, and p does not negotiate"));
    CHECK(says(star("ports = 2\n"), "link.b = \"s\": all 2 ports of it are taken"));
    CHECK(says(star() + made("switch", "alone"), "switch: alone is at the end of no link"));
    CHECK(says(star() + link("l3", "s", "s"), "is the end a of l3 as well"));
}

TEST_CASE("a loop of switches is refused unless it is one group at both") {
    const std::string two = star() + made("switch", "u") + made("peer", "x") + link("l3", "x", "u") + link("t0", "s", "u") + link("t1", "u", "s");
    CHECK(says(two, "link: t1 closes a loop, u and s are connected already: what a switch receives it sends on"));
    CHECK(says(two + group("g", "s", "\"t0\", \"t1\""), "t1 closes a loop"));
    text_scenario s;
    CHECK(s.errors(two + group("g", "s", "\"t0\", \"t1\"") + group("g", "u", "\"t0\", \"t1\"")) == "");
    const auto teams = [&](const std::string& one, const std::string& other) {
        return two + group("g", "s", "\"t0\", \"t1\"", "lacp = \"" + one + "\"\n") + group("g", "u", "\"t0\", \"t1\"", "lacp = \"" + other + "\"\n");
    };
    for (const auto& [one, other] : {std::pair("active", "active"), std::pair("active", "passive"), std::pair("passive", "active")})
        CHECK(s.errors(teams(one, other)) == "");
    for (const auto& [one, other] : {std::pair("active", "off"), std::pair("off", "passive"), std::pair("passive", "passive")})
        CHECK(says(teams(one, other), "t1 closes a loop"));
    CHECK(says(two + group("g", "s", "\"t0\", \"t1\"") + group("g", "u", "\"t0\"") + group("h", "u", "\"t1\""), "t1 closes a loop"));
    CHECK(says(star() + made("repeater", "hub") + made("peer", "x") + link("l3", "x", "hub") + link("t0", "s", "hub") + link("t1", "hub", "s"),
               "t1 closes a loop, hub and s are connected already: what a repeater receives"));
    CHECK(says(two + group("g", "s", "\"u\""), "u has several links to s; allowed: one of t0, t1"));
}

TEST_CASE("stations joined by switches are in one network") {
    text_scenario s;
    const auto r = s.read(star() + made("switch", "u") + made("peer", "x") + link("l3", "x", "u") + link("t0", "s", "u"));
    REQUIRE(r.found.none());
    CHECK(r.what->find("x")->text("ip").rfind("192.0.2.", 0) == 0);
    CHECK(r.what->find("p")->text("ip").rfind("192.0.2.", 0) == 0);
    CHECK(r.what->find("x")->text("ip") != r.what->find("p")->text("ip"));
}
