// What is wrong with a scenario is said in one go, each at its place, with what is allowed and the nearest name.
#include <catch2/catch.hpp>

#include "unit/scenario/text_scenario.h"

using nicteam::test::small;
using nicteam::test::text_scenario;

TEST_CASE("a small scenario has no errors") {
    text_scenario s;
    CHECK(s.errors(small) == "");
}

TEST_CASE("a component that is called like a table without a name is refused whatever that table says") {
    for (const char* name : {"trace", "check"}) {
        text_scenario s;
        std::string text = small;
        for (std::size_t at; (at = text.find("\"server")) != std::string::npos;) text.replace(at, 7, std::string("\"") + name);
        INFO(text);
        CHECK(s.errors(text + "[trace]\nscopes = [\"" + name + "\"]\nwave = true\n").find("is the name of a table") != std::string::npos);
    }
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
    CHECK(s.errors("seed = 1\nseed = 2\n") == "s.toml:2:8: error: seed stands twice in its table; allowed: once\n");
    CHECK(s.errors("[trace]\nwave = true\n[trace]\n") ==
          "s.toml:3:1: error: [trace] stands twice, or as something else before; allowed: a table once, and [[trace]] for each of several\n");
    CHECK(s.errors("a = 1\na.b = 2\n").find("not TOML: ") != std::string::npos);
}

TEST_CASE("all errors come at once and in order") {
    text_scenario s;
    CHECK(s.errors("durration = \"1 ms\"\nseed = \"7\"\nwarm_up = 5\n[[nik]]\nname = \"x\"\n") ==
          "s.toml:1:1: error: durration: unknown key; did you mean duration?\n"
          "s.toml:2:8: error: seed = \"7\": is a string; allowed: an integer, at least 0; write 7\n"
          "s.toml:3:11: error: warm_up = 5: is an integer; allowed: a string with a number and its unit: ps, ns, us, ms, s; as in \"5 ms\"\n"
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

TEST_CASE("one wrong value brings one message") {
    text_scenario s;
    const std::string sender = std::string(small) + "[[traffic]]\nname = \"down\"\nfrom = \"client\"\nto = \"server\"\nstart = \"2 s\"\n";
    CHECK(s.errors("duration = \"-3 ms\"\n" + sender) == "s.toml:1:12: error: duration = \"-3 ms\": is out of range; allowed: 1 ns … 1000000 s\n");
    CHECK(s.errors("duration = 3\n" + sender).find("not before the end") == std::string::npos);
    CHECK(s.errors("duration = \"3 s\"\n" + sender + "frame_size = \"10 B\"\n") ==
          "s.toml:24:14: error: traffic.frame_size = \"10 B\": is out of range; allowed: 64 B … 61000 B\n");
    CHECK(s.errors("duration = \"2 ms\"\n" + sender) == "s.toml:23:9: error: traffic.start of client.down = 2 s: is not before the end of the run, 2 ms\n");
}

TEST_CASE("the name of a scenario stays within the directory of results") {
    text_scenario s;
    for (const std::string name : {"a/b", "..", "../x", "/x", "."}) {
        INFO(name);
        CHECK(s.errors("name = \"" + name + "\"\n" + small) ==
              "s.toml:1:8: error: name = \"" + name +
                  "\": is no name: results go into a directory called so; allowed: no \"/\", not dots alone\n");
        nicteam::scenario::read_options o;
        o.sets = {"name=" + name};
        CHECK(s.errors(small, o).find("is no name") != std::string::npos);
    }
    for (const std::string name : {"line-rate-64", "My run (2)", "v1.2"}) CHECK(s.errors("name = \"" + name + "\"\n" + small) == "");
}

TEST_CASE("out of range names the range") {
    text_scenario s;
    CHECK(s.errors("duration = \"5 ps\"\n") == "s.toml:1:12: error: duration = \"5 ps\": is out of range; allowed: 1 ns … 1000000 s\n");
    CHECK(s.errors("seed = -1\n") == "s.toml:1:8: error: seed = -1: is out of range; allowed: at least 0\n");
    CHECK(s.errors("schema = 2\n") == "s.toml:1:10: error: schema = 2: is out of range; allowed: 1 … 1\n");
}

TEST_CASE("a choice that is none") {
    text_scenario s;
    CHECK(s.errors("start = \"warm\"\n") == "s.toml:1:9: error: start = \"warm\": is no choice; allowed: ready, cold\n");
}

TEST_CASE("what is missing is told where the table begins") {
    text_scenario s;
    CHECK(s.errors("[[host]]\n[[cpu]]\nname = \"c\"\n") ==
          "s.toml:1:1: error: host.name: is missing: name of the component, a step of every path below it\n"
          "s.toml:2:1: error: cpu.host of c: is missing: path of the host that it belongs to\n");
}

TEST_CASE("names are words that no table has") {
    text_scenario s;
    CHECK(s.errors("[[repeater]]\nname = \"Hub 1\"\n")
              .find("s.toml:2:8: error: repeater.name = \"Hub 1\": is no name; allowed: a letter a-z, then a-z, 0-9 or _\n") !=
          std::string::npos);
    CHECK(s.errors("[[host]]\nname = \"nic\"\n")
              .find("s.toml:2:8: error: host.name = \"nic\": is the name of a table; choose another, nic0\n") != std::string::npos);
}

TEST_CASE("a name that stands twice") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[nic]]\nname = \"nic0\"\nbus = \"server.pci0\"\n") ==
          "s.toml:19:8: error: nic.name = \"nic0\": there is a nic at server.pci0.nic0 already, s.toml:9:1\n");
}

TEST_CASE("a nic on a bus that is not there") {
    text_scenario s;
    const std::string e = s.errors(std::string(small) + "[[nic]]\nname = \"nic1\"\nbus = \"server.pci1\"\n");
    CHECK(e == "s.toml:20:7: error: nic.bus = \"server.pci1\": there is no such bus; did you mean server.pci0?\n");
}

TEST_CASE("a reference to nothing at all") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[traffic]]\nname = \"t\"\nfrom = \"client\"\nto = \"\"\n") ==
          "s.toml:21:6: error: traffic.to = \"\": there is no such peer, host, nic, team, port; allowed: server, server.pci0.nic0, client\n");
    CHECK(s.errors(std::string(small) + "[[nic]]\nname = \"nic1\"\nbus = \"\"\n") ==
          "s.toml:20:7: error: nic.bus = \"\": there is no such bus; allowed: server.pci0\n");
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
    CHECK(e == "s.toml:1:1: error: host: h has no cpu: nobody runs its software; add [[cpu]] with host = \"h\"\n");
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
    CHECK(s.errors(std::string(small) + "[[fault]]\nat = \"lan9\"\nwhat = \"link_down\"\n") ==
          "s.toml:19:6: error: fault.at = \"lan9\": matches no component; did you mean lan0?; link_down befalls: lan0, lan0.a_to_b, lan0.b_to_a\n");
    CHECK(s.errors(std::string(small) + "[[fault]]\nat = \"server\"\nwhat = \"link_down\"\n") ==
          "s.toml:19:6: error: fault.at = \"server\": has no fault link_down; it has none; link_down befalls: lan0, lan0.a_to_b, lan0.b_to_a\n");
    CHECK(s.errors(std::string(small) + "[[fault]]\nat = \"lan0.a_to_b\"\nwhat = \"link_dowm\"\n") ==
          "s.toml:20:8: error: fault.what = \"link_dowm\": is no fault; did you mean link_down?; allowed there: bit_errors, link_down\n");
    CHECK(s.errors(std::string(small) + "[[fault]]\nat = \"lan0\"\nwhat = \"link_dwon\"\n") ==
          "s.toml:20:8: error: fault.what = \"link_dwon\": is no fault; did you mean link_down?; allowed there: bit_errors, link_down\n");
    CHECK(s.errors(std::string(small) + "[[fault]]\nat = \"server.pci0.nic0.pci\"\nwhat = \"target_abort\"\n")
              .find("; did you mean server.pci0.nic0?; target_abort befalls: server.pci0.bridge, server.pci0.nic0\n") != std::string::npos);
}

TEST_CASE("the amount of a fault is a quantity within its range") {
    text_scenario s;
    const auto amount = [&](const std::string& text) { return s.errors(std::string(small) + "[[fault]]\nat = \"lan0\"\nwhat = \"bit_errors\"\n" + text); };
    CHECK(amount("amount = \"1e-3\"\n") == "");
    CHECK(amount("") == "s.toml:18:1: error: fault.amount: is missing: bit_errors wants a ratio between 0 and 1, as in \"1e-6\" or \"1 %\"\n");
    CHECK(amount("amount = 0.5\n") ==
          "s.toml:21:10: error: fault.amount = 0.5: is a number with a fraction; allowed: an integer, or a number with its unit as a "
          "string; write \"0.5\"\n");
    CHECK(amount("amount = 5\n") ==
          "s.toml:21:10: error: fault.amount = \"5\": is out of range; bit_errors wants a ratio between 0 and 1, as in \"1e-6\" or \"1 "
          "%\"\n");
    CHECK(amount("amount = \"5 us\"\n").find("s.toml:21:10: error: fault.amount = \"5 us\": has an unknown unit") == 0);
    CHECK(s.errors(std::string(small) + "[[fault]]\nat = \"server.pci0\"\nwhat = \"data_parity\"\namount = 0\n") ==
          "s.toml:21:10: error: fault.amount = \"0\": is out of range; data_parity wants at least 1 phases\n");
    CHECK(s.errors(std::string(small) + "[[fault]]\nat = \"lan0\"\nwhat = \"link_down\"\namount = 1\n") ==
          "s.toml:21:10: error: fault.amount = \"1\": link_down takes no amount\n");
}

TEST_CASE("a bus beyond 66 MHz is for devices that are free to") {
    text_scenario s;
    const auto bus = [&](const char* period, const char* identity) {
        std::string text = small;
        const auto add = [&](const char* behind, const std::string& line) {
            const std::size_t at = text.find(behind);
            REQUIRE(at != std::string::npos);
            text.insert(text.find('\n', text.find("name", at)) + 1, line);
        };
        add("[[bus]]", std::string("m66en = \"ignored\"\nperiod = \"") + period + "\"\n");
        add("[[nic]]", std::string("identity = \"") + identity + "\"\n");
        return s.errors(text);
    };
    CHECK(bus("15 ns", "82559") == "");
    CHECK(bus("14 ns", "extended") == "");
    CHECK(bus("14 ns", "82559").find("bus.period = \"14 ns\": PCI ends at 66 MHz, 15 ns, and server.pci0.nic0") != std::string::npos);
}

TEST_CASE("a value in the wrong clothes is shown in the right ones") {
    text_scenario s;
    CHECK(s.errors("duration = 10\n") ==
          "s.toml:1:12: error: duration = 10: is an integer; allowed: a string with a number and its unit: ps, ns, us, ms, s; as in \"10 "
          "ms\"\n");
    const auto nic = [&](const std::string& line) { return s.errors("[[nic]]\nname = \"n\"\n" + line + "\n"); };
    CHECK(nic("identity = 82557").find("identity") == std::string::npos);      // as clear as "82557"
    CHECK(nic("identity = 82556").find("one of the strings \"82557\", \"82558\", \"82559\", \"82550\", \"extended\"") != std::string::npos);
    CHECK(nic("eeprom_words = \"64\"").find("; allowed: an integer, 64, 256; write 64\n") != std::string::npos);
    CHECK(nic("present = \"true\"").find("; allowed: true, false; write true\n") != std::string::npos);
    CHECK(nic("duplex = \"half\"").find("; duplex is a key of [[repeater]] and of [[peer]]\n") != std::string::npos);
}

TEST_CASE("a checker that counts must be expected to count") {
    text_scenario s;
    const std::string count = std::string(small) + "[check]\ncrossings = \"count\"\n";
    const auto with = [&](const std::string& bound) { return s.errors(count + "[[expect]]\nmetric = \"check.crossings_breaches\"\n" + bound); };
    CHECK(s.errors(count).rfind("s.toml:19:13: error: check.crossings = \"count\": wants an [[expect]] with metric = \"check.crossings_breaches\"", 0) == 0);
    CHECK(with("equals = 0\n").find("wants an [[expect]]") != std::string::npos);
    CHECK(with("at_least = 1\n") == "");
    CHECK(with("equals = \"3 breaches\"\n") == "");
}

TEST_CASE("an empty scenario says what it wants") {
    text_scenario s;
    for (const char* nothing : {"", "# nothing\n", "title = \"x\"\n", "[[peer]]\nname = \"p\"\n"}) {
        const std::string e = s.errors(nothing);
        INFO(e);
        CHECK(e.rfind("s.toml:1:1: error: ", 0) == 0);
    }
    CHECK(s.errors("").find("the scenario is empty: it wants at least a [[host]]") != std::string::npos);
}

TEST_CASE("an address of a host has its prefix length and one of a peer has none") {
    text_scenario s;
    CHECK(s.errors(std::string(small), {{}, {"nic.address=10.0.0.1"}}) ==
          "--set nic.address=10.0.0.1: error: nic.address = \"10.0.0.1\": is no IPv4 address with its prefix length; allowed: as in "
          "\"192.0.2.1/24\"\n");
    CHECK(s.errors(std::string(small), {{}, {"nic.address=10.0.0.1/33"}}).find("is no IPv4 address with its prefix length") != std::string::npos);
    CHECK(s.errors(std::string(small), {{}, {"nic.address=10.0.0.1/24", "client.ip=10.0.0.2"}}) == "");
    CHECK(s.errors(std::string(small), {{}, {"client.ip=10.0.0.2/24"}}).find("is no IPv4 address; allowed: four decimal parts") != std::string::npos);
}

TEST_CASE("another word for a key names the key") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[bus]]\nname = \"pci1\"\nhost = \"server\"\nfrequency = \"33 MHz\"\n")
              .find("bus.frequency: unknown key; did you mean period?") != std::string::npos);
    CHECK(s.errors(std::string(small) + "[[wire]]\nname = \"x\"\n") == "s.toml:18:3: error: wire: unknown table; did you mean link?\n");
}

TEST_CASE("a component cannot be called as a part of what it sits on") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[nic]]\nname = \"bridge\"\nbus = \"server.pci0\"\n") ==
          "s.toml:19:8: error: nic.name = \"bridge\": is taken in server.pci0: host bridge between CPUs, memory and one PCI bus; choose "
          "another\n");
    CHECK(s.errors(std::string(small) + "[[pass_through]]\nname = \"driver\"\nnic = \"server.pci0.nic0\"\n")
              .find("is taken in server.pci0.nic0") != std::string::npos);
}

TEST_CASE("what only the build would notice is told before") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[host]]\nname = \"h\"\n[[cpu]]\nname = \"c\"\nhost = \"h\"\n[[bus]]\nname = \"b\"\nhost = "
                                        "\"h\"\n[[traffic]]\nname = \"t\"\nfrom = \"client\"\nto = \"h\"\n") ==
          "s.toml:29:6: error: traffic.to = \"h\": h has no nic\n");
    CHECK(s.errors(std::string(small) + "[[traffic]]\nname = \"t\"\nfrom = \"client\"\nto = \"client\"\n") ==
          "s.toml:21:6: error: traffic.to = \"client\": is the sender itself\n");
    const std::string two =
        "[[traffic]]\nname = \"t\"\nfrom = \"server\"\nto = \"client\"\nsource_port = 9\n[[traffic]]\nname = \"u\"\nfrom = \"client\"\nto "
        "= \"server\"\n";
    CHECK(s.errors(std::string(small) + two) == "s.toml:23:1: error: traffic: client.u: UDP port 9 on server is taken by server.t\n");
    CHECK(
        s.errors("[[repeater]]\nname = \"hub\"\nports = 2\n[[peer]]\nname = \"p\"\n[[peer]]\nname = \"q\"\n[[peer]]\nname = "
                 "\"r\"\n[[link]]\nname = \"a\"\na = \"hub\"\nb = \"p\"\n"
                 "[[link]]\nname = \"b\"\na = \"hub\"\nb = \"q\"\nrate = \"10 Mbps\"\n[[link]]\nname = \"c\"\na = \"hub\"\nb = \"r\"\n") ==
        "s.toml:18:8: error: link.rate = 10 Mbps: hub joins links of one rate, and that of a is 100 Mbps\n"
        "s.toml:21:5: error: link.a = \"hub\": all 2 ports of it are taken (repeater.ports)\n");
}

TEST_CASE("an expectation wants a metric and a bound") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[expect]]\nat_least = 5\n") == "s.toml:18:1: error: expect: wants one of metric, event, flow and limited_by\n");
    CHECK(s.errors(std::string(small) + "[[expect]]\nlimited_by = \"server.pci7\"\n") ==
          "s.toml:19:14: error: expect.limited_by = \"server.pci7\": matches no component; did you mean server.pci0?\n");
}

TEST_CASE("an expectation of a flow wants who sends, who receives, and what a flow has") {
    text_scenario s;
    const auto told = [&](const std::string& keys) { return s.errors(std::string(small) + "[[expect]]\n" + keys); };
    CHECK(told("flow = \"client to server.*\"\nof = \"p99\"\nat_most = \"1 ms\"\n") == "");
    CHECK(told("flow = \"client\"\nat_least = 1\n") ==
          "s.toml:19:8: error: expect.flow = \"client\": wants who sends and who receives, as in \"client to server.*\"\n");
    CHECK(told("flow = \"cleint to server.*\"\nat_least = 1\n") == "s.toml:19:8: error: expect.flow: \"cleint\" matches no component; did you mean client?\n");
    const auto between = [&](const std::string& stages) {
        const std::string said = told("flow = \"client to server.* from " + stages + "\"\nof = \"p99\"\nat_most = \"1 ms\"\n");
        const std::string where = "s.toml:19:8: error: expect.flow: ";
        return said.rfind(where, 0) == 0 ? said.substr(where.size(), said.size() - where.size() - 1) : said;
    };
    for (const char* good : {"wire_begin to wire_end", "born to host_post", "wire_end to end", "born to end", "rx_first_octet to wire_end",
                             "wire_end to wire_begin", "delivered to end", "driver_reaped to wire_end"})
        CHECK(between(good) == "");
    CHECK(between("wire_beign to wire_end") == "\"wire_beign\" is no stage of this scenario; did you mean wire_begin?");
    CHECK(between("wire_begin to protect_start") == "\"protect_start\" is no stage of this scenario");        // there is no crypto block
    CHECK(between("wire_begin") == "\"from wire_begin\": wants two stages, as in \"from host_post to wire_begin\"");
    CHECK(between("wire_begin to nic_tx_fetch") == "no packet passes nic_tx_fetch behind wire_begin; did you mean \"from nic_tx_fetch to wire_begin\"?");
    for (const char* bad : {"driver_queued to host_post", "end to born", "delivered to wire_begin", "wire_end to born", "end to wire_end"})
        CHECK(between(bad).rfind("no packet passes ", 0) == 0);
    CHECK(told("flow = \"client to server.*\"\nof = \"share\"\nat_least = 1\n").find("allowed: total, rate, mean, least") != std::string::npos);
    CHECK(told("flow = \"client to server.*\"\nof = \"p99\"\nat_most = \"1 KiB\"\n").find("expect.at_most = \"1 KiB\"") != std::string::npos);
    CHECK(told("flow = \"client to server.*\"\nat_least = 1\ntogether = true\n").find("flows are compared each") != std::string::npos);
    CHECK(told("flow = \"client to server.*\"\nmetric = \"client.frames\"\nat_least = 1\n").find("19:8: error: expect: wants one of") != std::string::npos);
}

TEST_CASE("what follows from a fault already told is not told again") {
    text_scenario s;
    CHECK(s.errors("[[host]]\nname = \"sErver\"\n[[cpu]]\nname = \"cpu0\"\nhost = \"server\"\n"
                   "[[bus]]\nname = \"pci0\"\nhost = \"server\"\n[[nic]]\nname = \"nic0\"\nbus = \"server.pci0\"\n") ==
          "s.toml:2:8: error: host.name = \"sErver\": is no name; allowed: a letter a-z, then a-z, 0-9 or _\n");
    std::string moved = small;
    moved += "[[nic]]\nname = \"other\"\nbus = \"server.pci9\"\n[[link]]\nname = \"lan9\"\na = \"server.pci9.other\"\nb = \"server.pci0.nic0\"\n";
    const std::string said = s.errors(moved);
    CHECK(said.find("nic.bus = \"server.pci9\": there is no such bus") != std::string::npos);
    CHECK(said.find("link.a") == std::string::npos);
}

TEST_CASE("an address that is none has no other faults") {
    text_scenario s;
    nicteam::scenario::read_options o;
    o.sets = {"nic.mac=zz"};
    const std::string two = std::string(small) + "[[nic]]\nname = \"nic1\"\nbus = \"server.pci0\"\n";
    CHECK(
        s.errors(two, o) ==
        "--set nic.mac=zz: error: nic.mac = \"zz\": is no MAC address; allowed: six octets in hexadecimal, as in \"02:00:00:00:00:01\"\n");
}

TEST_CASE("a capture that meets no point is shown the points") {
    text_scenario s;
    const auto at = [&](const std::string& pattern) { return s.errors(std::string(small) + "[[capture]]\nat = \"" + pattern + "\"\n"); };
    CHECK(at("nic").find("matches no capture point; there are: server.pci0.nic0.host, server.pci0.nic0.wire\n") != std::string::npos);
    CHECK(at("zzzz").find("there are: ") != std::string::npos);
    CHECK(at("server.pci0.nic0.wir").find("did you mean server.pci0.nic0.wire?; there are: ") != std::string::npos);
}

TEST_CASE("a window is whole bursts") {
    text_scenario s;
    const auto window = [&](const std::string& line) {
        return s.errors(std::string(small) + "[[background]]\nname = \"disk\"\nbus = \"server.pci0\"\n" + line + "\n");
    };
    CHECK(window("window_size = \"1 KiB\"") == "");
    CHECK(window("window_size = \"6 B\"").find("background.window_size = 6 B: must be a multiple of burst = 512 B") != std::string::npos);
}

TEST_CASE("nothing begins after the end of the run") {
    text_scenario s;
    const auto error = [&](const std::string& more) { return s.errors("duration = \"2 ms\"\n" + std::string(small) + more); };
    const std::string traffic = "[[traffic]]\nname = \"t\"\nfrom = \"client\"\nto = \"server\"\n";
    CHECK(error(traffic) == "");
    CHECK(error(traffic + "start = \"2 ms\"\n") == "s.toml:23:9: error: traffic.start of client.t = 2 ms: is not before the end of the run, 2 ms\n");
    CHECK(error("[[fault]]\nat = \"lan0\"\nwhat = \"link_down\"\nfrom = \"3 ms\"\n") ==
          "s.toml:22:8: error: fault.from of fault1 = 3 ms: is not before the end of the run, 2 ms\n");
    CHECK(error("[[capture]]\nname = \"c\"\nat = \"client.port\"\nfrom = \"3 ms\"\n").find("s.toml:22:8: error: capture.from of c = 3 ms: is not before") == 0);
    CHECK(error("[trace]\nfrom = \"3 ms\"\n").find("s.toml:20:8: error: trace.from of trace = 3 ms: is not before") == 0);
    CHECK(s.errors("duration = \"1 ms\"\n" + std::string(small) + traffic) ==
          "s.toml:19:1: error: traffic.start of client.t = 1 ms: is not before the end of the run, 1 ms\n");
    // --until may shorten any run.
    CHECK(s.read("duration = \"2 ms\"\n" + std::string(small) + traffic, {{}, {}, "", "500 us"}).found.to_string() == "");
}

TEST_CASE("a capture that cannot be replayed is told before the run") {
    text_scenario s;
    const std::string replay = std::string(small) + "[[replay]]\nname = \"r\"\npeer = \"client\"\nfile = \"x.pcap\"\n";
    const auto capture = [&](char link, const std::string& records) {
        s.file("x.pcap", std::string("\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0", 20) + link + std::string(3, '\0') + records);
        return s.errors(replay);
    };
    const std::string frame = std::string("\1\0\0\0\0\0\0\0\x3c\0\0\0\x3c\0\0\0", 16) + std::string(60, 'x');
    CHECK(capture(1, frame) == "");
    CHECK(capture(101, frame) ==
          "s.toml:21:8: error: replay.file = \"x.pcap\": x.pcap: at octet 0: expected link type 1 (Ethernet), found 101 on interface 0\n");
    CHECK(capture(1, "") == "s.toml:21:8: error: replay.file = \"x.pcap\": x.pcap: holds no frame that can be sent\n");
}

TEST_CASE("memory that software does not fit into is told before the run") {
    text_scenario s;
    const std::string least = "--set host.memory.size=64 KiB: error: host.memory.size = \"64 KiB\": drivers, stack and windows of server take ";
    const std::string e = s.errors(small, {{}, {"host.memory.size=64 KiB"}});
    REQUIRE(e.rfind(least, 0) == 0);
    const std::string bytes = e.substr(least.size(), e.find(' ', least.size()) - least.size());
    CHECK(s.errors(small, {{}, {"host.memory.size=" + bytes + " B"}}) == "");
    CHECK(s.errors(small, {{}, {"host.memory.size=" + std::to_string(std::stoul(bytes) - 1) + " B"}}) != "");
    // The window of a background master, where nothing else is.
    const std::string disk = std::string(small) + "[[background]]\nname = \"disk\"\nbus = \"server.pci0\"\n";
    CHECK(s.errors(disk) == "");
    CHECK(s.errors(disk + "window_address = " + bytes + "\n") == "");
    CHECK(s.errors(disk + "window_address = 4096\n") ==
          "s.toml:21:18: error: background.window_address = 4096: the window lies over memory of drivers and stack of server; allowed: "
          "from " +
              bytes + " on, or over_software = true\n");
    CHECK(s.errors(disk + "window_address = 4096\nover_software = true\n") == "");
}

TEST_CASE("a waveform without anything in it is an error") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[trace]\nscopes = [\"lan0\"]\n")
              .rfind("s.toml:19:10: error: trace.scopes: \"lan0\" has nothing that a waveform shows; there are: ", 0) == 0);
    for (const char* scope : {"server", "server.pci0", "nic.cu_state", "server.*"})
        CHECK(s.errors(std::string(small) + "[trace]\nscopes = [\"" + scope + "\"]\n") == "");
}

TEST_CASE("patterns that match nothing are errors everywhere") {
    text_scenario s;
    CHECK(s.errors(std::string(small) + "[[capture]]\nat = \"lan9.*.wire\"\n")
              .find("s.toml:19:6: error: capture.at = \"lan9.*.wire\": matches no capture point") == 0);
    CHECK(s.errors(std::string(small) + "[trace]\nscopes = [\"server\", \"lan5\"]\n") ==
          "s.toml:19:10: error: trace.scopes: \"lan5\" matches no component; did you mean lan0?\n");
}

TEST_CASE("a bus behind what is no bridge is told of, whoever is behind it") {
    text_scenario s;
    const std::string text = std::string(small) + "[[pci_bridge]]\nname = \"riser\"\nbus = \"server.pci0\"\n"
                             "[[bus]]\nname = \"pci1\"\nhost = \"server\"\nbehind = \"server.pci0.riser\"\n";
    std::string around = text;
    around.insert(around.find("[[nic]]"), "behind = \"server.pci0\"\n");
    CHECK(s.errors(text) == "");
    CHECK(s.errors(around).find("bus.behind = \"server.pci0\": is a bus, not a pci_bridge") != std::string::npos);
}

TEST_CASE("who is asked for jobs and serves none is told of") {
    text_scenario s;
    for (const std::string whom : {"server.cpu0", "server.pci0.nic0", "server", "client"}) {
        const std::string asks = "[[remote_load]]\nname = \"asks\"\nfrom = \"server\"\nserver = \"" + whom + "\"\n";
        CHECK(s.errors(std::string(small) + asks).find("remote_load.server = \"" + whom + "\": is a ") != std::string::npos);
    }
}
