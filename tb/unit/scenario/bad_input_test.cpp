// What is wrong with a scenario is said in one go, each at its place, with what is allowed and the nearest name.
#include <catch2/catch.hpp>

#include "unit/scenario/text_scenario.h"

using nicteam::test::small;
using nicteam::test::text_scenario;

TEST_CASE("a small scenario has no errors") {
    text_scenario s;
    CHECK(s.errors(small) == "");
}

TEST_CASE("a file that is not there") {
    const auto r = nicteam::scenario::read("nowhere/quickstart.toml");
    CHECK(r.found.to_string() == "nicteam: error: cannot read nowhere/quickstart.toml: No such file or directory\n");
}

TEST_CASE("a directory is no scenario") {
    text_scenario s;
    const auto r = nicteam::scenario::read(s.directory().string());
    CHECK(r.found.to_string().find("it is a directory") != std::string::npos);
}

TEST_CASE("what is no TOML is told with its place") {
    text_scenario s;
    const std::string e = s.errors("title = \"x\"\nduration = 5 ms\n");
    CHECK(e.rfind("s.toml:2:", 0) == 0);
    CHECK(e.find("error: not TOML: ") != std::string::npos);
}

TEST_CASE("a key that stands twice") {
    text_scenario s;
    CHECK(s.errors("seed = 1\nseed = 2\n").rfind("s.toml:2:", 0) == 0);
}

TEST_CASE("all errors come at once and in order") {
    text_scenario s;
    CHECK(s.errors("durration = \"1 ms\"\nseed = \"7\"\nwarm_up = 5\n[[nik]]\nname = \"x\"\n") ==
          "s.toml:1:1: error: durration: unknown key; did you mean duration?\n"
          "s.toml:2:8: error: seed = \"7\": is a string; allowed: an integer, at least 0\n"
          "s.toml:3:11: error: warm_up = 5: is an integer; allowed: a string with a number and its unit: ps, ns, us, ms, s\n"
          "s.toml:4:3: error: nik: unknown table; did you mean nic?\n");
}

TEST_CASE("a wrong unit names the right ones") {
    text_scenario s;
    CHECK(s.errors("duration = \"5 Mbps\"\n") == "s.toml:1:12: error: duration = \"5 Mbps\": has an unknown unit 'Mbps'; allowed: ps, ns, us, ms, s\n");
}

TEST_CASE("a quantity without its unit") {
    text_scenario s;
    CHECK(s.errors("duration = \"5\"\n") == "s.toml:1:12: error: duration = \"5\": needs a unit: ps, ns, us, ms, s; allowed: 1 ns … 1000000 s\n");
}

TEST_CASE("out of range names the range") {
    text_scenario s;
    CHECK(s.errors("duration = \"5 ps\"\n") == "s.toml:1:12: error: duration = \"5 ps\": is out of range; allowed: 1 ns … 1000000 s\n");
    CHECK(s.errors("seed = -1\n") == "s.toml:1:8: error: seed = -1: is out of range; allowed: at least 0\n");
    CHECK(s.errors("schema = 2\n") == "s.toml:1:10: error: schema = 2: is out of range; allowed: 1 … 1\n");
}

TEST_CASE("a choice that is none") {
    text_scenario s;
    CHECK(s.errors("start = \"cold\"\n") == "s.toml:1:9: error: start = \"cold\": is no choice; allowed: ready\n");
}

TEST_CASE("what is missing is told where the table begins") {
    text_scenario s;
    CHECK(s.errors("[[host]]\n[[cpu]]\nname = \"c\"\n") ==
          "s.toml:1:1: error: host.name: is missing: name of the component, a step of every path below it\n"
          "s.toml:2:1: error: cpu.host of c: is missing: path of the host that it belongs to\n");
}

TEST_CASE("names are words that no table has") {
    text_scenario s;
    CHECK(s.errors("[[host]]\nname = \"Server 1\"\n") == "s.toml:2:8: error: host.name = \"Server 1\": is no name; allowed: a letter a-z, then a-z, 0-9 or _\n");
    CHECK(s.errors("[[host]]\nname = \"nic\"\n") == "s.toml:2:8: error: host.name = \"nic\": is the name of a table; choose another, nic0\n");
}

TEST_CASE("a name that stands twice") {
    text_scenario s;
    CHECK(s.errors("[[host]]\nname = \"a\"\n[[host]]\nname = \"a\"\n") == "s.toml:4:8: error: host.name = \"a\": there is a host at a already, s.toml:1:1\n");
}

TEST_CASE("a nic on a bus that is not there") {
    text_scenario s;
    const std::string e = s.errors(std::string(small) + "[[nic]]\nname = \"nic1\"\nbus = \"server.pci1\"\n");
    CHECK(e == "s.toml:20:7: error: nic.bus = \"server.pci1\": there is no such bus; did you mean server.pci0?\n");
}

TEST_CASE("a reference to the wrong kind") {
    text_scenario s;
    const std::string e = s.errors(std::string(small) + "[[nic]]\nname = \"nic1\"\nbus = \"server\"\n");
    CHECK(e == "s.toml:20:7: error: nic.bus = \"server\": is a host, not a bus; did you mean server.pci0?\n");
}

TEST_CASE("a link end that is plugged twice") {
    text_scenario s;
    const std::string e = s.errors(std::string(small) + "[[peer]]\nname = \"other\"\n[[link]]\nname = \"lan1\"\na = \"server.pci0.nic0\"\nb = \"other\"\n");
    CHECK(e == "s.toml:22:5: error: link.a = \"server.pci0.nic0\": is plugged into a link already, s.toml:16:5\n");
}

TEST_CASE("a link from a place to itself") {
    text_scenario s;
    const std::string e = s.errors("[[peer]]\nname = \"p\"\n[[link]]\nname = \"l\"\na = \"p\"\nb = \"p\"\n");
    CHECK(e == "s.toml:6:5: error: link.b = \"p\": is the end a of l as well\n");
}

TEST_CASE("a peer at the end of no link") {
    text_scenario s;
    CHECK(s.errors("[[peer]]\nname = \"p\"\n") == "s.toml:1:1: error: peer: p is at the end of no link\n");
}

TEST_CASE("a slot that is taken") {
    text_scenario s;
    const std::string e = s.errors("[[host]]\nname = \"h\"\n[[cpu]]\nname = \"c\"\nhost = \"h\"\n[[bus]]\nname = \"b\"\nhost = \"h\"\n"
                                   "[[nic]]\nname = \"m\"\nbus = \"h.b\"\nslot = 3\n[[nic]]\nname = \"n\"\nbus = \"h.b\"\nslot = 3\n");
    CHECK(e == "s.toml:16:8: error: nic.slot = 3: h.b.m is in this slot already, s.toml:12:8\n");
}

TEST_CASE("a nic with nobody to drive it") {
    text_scenario s;
    const std::string e = s.errors("[[host]]\nname = \"h\"\n[[bus]]\nname = \"b\"\nhost = \"h\"\n[[nic]]\nname = \"n\"\nbus = \"h.b\"\n");
    CHECK(e == "s.toml:1:1: error: host: h has a nic, h.b.n, but no cpu to drive it; add [[cpu]] with host = \"h\"\n");
}

TEST_CASE("a warm-up that leaves nothing") {
    text_scenario s;
    CHECK(s.errors("duration = \"1 ms\"\nwarm_up = \"1 ms\"\n") == "s.toml:2:11: error: warm_up = 1 ms: leaves nothing of the duration, 1 ms\n");
}

TEST_CASE("one table where several are wanted and the other way round") {
    text_scenario s;
    CHECK(s.errors("[peer]\nname = \"p\"\n") == "s.toml:1:1: error: peer: is a table; allowed: one or more tables, each begun with [[peer]]\n");
    CHECK(s.errors("[[trace]]\nwave = true\n") == "s.toml:1:1: error: trace: is an array; allowed: a table, [trace]\n");
}

TEST_CASE("extends that goes round in a circle") {
    text_scenario s;
    s.file("b.toml", "extends = \"s.toml\"\n");
    CHECK(s.errors("extends = \"b.toml\"\n") == "b.toml:1:11: error: extends: goes round in a circle: s.toml -> b.toml -> s.toml\n");
}

TEST_CASE("extends of a file that is not there") {
    text_scenario s;
    CHECK(s.errors("title = \"x\"\nextends = \"parts/no.toml\"\n") == "s.toml:2:11: error: cannot read parts/no.toml: No such file or directory\n");
}

TEST_CASE("errors in a base are told at the base") {
    text_scenario s;
    s.file("b.toml", "sead = 5\n");
    CHECK(s.errors("extends = \"b.toml\"\n") == "b.toml:1:1: error: sead: unknown key; did you mean seed?\n");
}

TEST_CASE("faults of what has none or of nothing") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[fault]]\nat = \"lan9\"\nwhat = \"link_down\"\n") == "s.toml:19:6: error: fault.at = \"lan9\": matches no component; did you mean lan0?\n");
    CHECK(s.errors(std::string(small) + "[[fault]]\nat = \"server\"\nwhat = \"link_down\"\n").find("s.toml:20:8: error: fault.what = \"link_down\": is no fault of server") == 0);
}

TEST_CASE("an expectation wants a metric and a bound") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[expect]]\nat_least = 5\n") == "s.toml:18:1: error: expect: wants either metric or limited_by\n");
    CHECK(s.errors(std::string(small) + "[[expect]]\nlimited_by = \"server.pci7\"\n") == "s.toml:19:14: error: expect.limited_by = \"server.pci7\": matches no component; did you mean server.pci0?\n");
}

TEST_CASE("patterns that match nothing are errors everywhere") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[capture]]\nat = \"lan9.*.wire\"\n").find("s.toml:19:6: error: capture.at = \"lan9.*.wire\": matches no capture point") == 0);
    CHECK(s.errors(std::string(small) + "[trace]\nscopes = [\"server\", \"lan5\"]\n") == "s.toml:19:10: error: trace.scopes: \"lan5\" matches no component; did you mean lan0?\n");
}
