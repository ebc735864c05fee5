// Half duplex under every fault: an attempt that collides is cut, lost, repeated, damaged or thrown away, and every packet still ends once.
// A station that waits, one that is late, one that does not listen.
#include "nicteam/scenario/run.h"
#include "unit/fresh_kernel.h"
#include "unit/scenario/text_scenario.h"

#include <catch2/catch.hpp>

using namespace nicteam;
using namespace nicteam::test;

namespace {

const std::string one_medium = R"(schema = 1
duration = "4 ms"
[[host]]
name = "h"
[[cpu]]
name = "c"
host = "h"
[[bus]]
name = "p"
host = "h"
[[nic]]
name = "n"
bus = "h.p"
address = "10.0.0.1/24"
[nic.driver]
receive_ring = 2
[[repeater]]
name = "hub"
duplex = "half"
[[link]]
name = "up"
a = "h.p.n"
b = "hub"
[[peer]]
name = "k0"
ip = "10.0.0.2"
[[link]]
name = "l0"
a = "hub"
b = "k0"
[[peer]]
name = "k1"
ip = "10.0.0.3"
[[link]]
name = "l1"
a = "hub"
b = "k1"
[[traffic]]
name = "t0"
from = "h.p.n"
to = "k0"
sizes = "imix"
[[traffic]]
name = "t1"
from = "k0"
to = "h.p.n"
sizes = "imix"
[[traffic]]
name = "t2"
from = "k1"
to = "h.p.n"
sizes = "uniform"
)";

// As the command does it; 3: a checker stopped it, and said why on stderr.
bool conserved(const std::string& more, const std::vector<std::string>& sets = {}) {
    text_scenario s;
    const auto r = scenario::read(s.file("s.toml", one_medium + more), {{}, sets});
    INFO(r.found.to_string());
    REQUIRE(r.found.none());
    fresh_kernel k;
    scenario::run_options quiet;
    quiet.quiet = true;
    const int status = scenario::run(*r.what, r.found, quiet);
    return status == 0 || status == 1;
}

std::string fault(const std::string& at, const std::string& what, const std::string& more = "") {
    return "[[fault]]\nat = \"" + at + "\"\nwhat = \"" + what + "\"\nfrom = \"1500 us\"\nfor = \"300 us\"\n" + more;
}

}  // namespace

TEST_CASE("a link that goes down amid attempts ends each once") {
    for (const char* at : {"up", "l0", "l1"}) {
        CAPTURE(at);
        CHECK(conserved(fault(at, "link_down")));
    }
}

TEST_CASE("a NIC that goes and comes back amid attempts ends each once") {
    CHECK(conserved(fault("h.p.n", "removed")));
    CHECK(conserved(fault("h.p.n", "endless_retry"), {"nic.driver.transmit_timeout=100 us"}));
    CHECK(conserved("", {"nic.driver.transmit_timeout=100 us", "repeater.latency=50 us"}));
}

TEST_CASE("attempts that a link loses, repeats, holds back or damages end once") {
    for (const char* what : {"loss", "duplication", "reordering", "bit_error_ratio"})
        for (const char* at : {"up", "l0"}) {
            CAPTURE(what, at);
            const std::string amount = std::string(what) == "bit_error_ratio" ? "=1e-4" : "=0.05", key = std::string(at) + "." + what;
            CHECK(conserved("", {key + "_a_to_b" + amount, key + "_b_to_a" + amount}));
        }
}

TEST_CASE("what a late collision leaves comes to its receiver and ends there") {
    for (const char* at : {"up", "l0", "repeater"}) {
        CAPTURE(at);
        CHECK(conserved("", {std::string(at) == "repeater" ? "hub.latency=20 us" : std::string(at) + ".delay=20 us"}));
    }
}

TEST_CASE("a station that does not listen spoils the others' frames and its own and each ends once") {
    CHECK(conserved("", {"k1.autonegotiation=false"}));          // full duplex at a half-duplex port; jams outlast what they spoil
    CHECK(conserved("", {"k1.autonegotiation=false", "l1.delay=20 us", "nic.driver.save_bad=true"}));
}

TEST_CASE("an 82557 without buffers and a MAC that is off let attempts pass") {
    CHECK(conserved("", {"nic.identity=82557"}));
    CHECK(conserved(fault("h.p.n", "removed"), {"nic.identity=82557"}));
}

TEST_CASE("a shared medium faster than the model has it is refused") {
    text_scenario s;
    for (const char* rate : {"1 Gbps", "50 Mbps"}) {
        scenario::read_options o;
        o.sets = {std::string("link.rate=") + rate, "nic.identity=extended", std::string("nic.link_rate=") + rate};
        const std::string e = s.errors(one_medium, o);
        INFO(e);
        CHECK(e.find(std::string("link.rate = \"") + rate + "\": hub is half duplex, which there is at 10 and 100 Mbps only") != std::string::npos);
        o.sets.push_back("repeater.duplex=full");
        CHECK(s.errors(one_medium, o) == "");
        o.sets.push_back("k0.duplex=half");
        CHECK(s.errors(one_medium, o).find("k0 is half duplex") != std::string::npos);
    }
}

TEST_CASE("a loop of repeaters is refused and a tree of them is not") {
    const auto hub = [](const std::string& name) { return "[[repeater]]\nname = \"" + name + "\"\nduplex = \"half\"\n"; };
    const auto link = [](const std::string& name, const std::string& a, const std::string& b) {
        return "[[link]]\nname = \"" + name + "\"\na = \"" + a + "\"\nb = \"" + b + "\"\n";
    };
    text_scenario s;
    const std::string tree = one_medium + hub("h2") + hub("h3") + link("t1", "hub", "h2") + link("t2", "h2", "h3");
    CHECK(s.errors(tree) == "");
    const std::string e = s.errors(tree + link("t3", "h3", "hub"));
    INFO(e);
    CHECK(e.find("t3 closes a loop, h3 and hub are connected already") != std::string::npos);
    CHECK(s.errors(tree + link("t4", "h2", "h3")).find("t4 closes a loop") != std::string::npos);
    CHECK(conserved(hub("h2") + hub("h3") + link("t1", "hub", "h2") + link("t2", "h2", "h3")));
}
