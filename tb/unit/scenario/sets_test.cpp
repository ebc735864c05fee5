#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "nicteam/base/time.h"
#include "unit/scenario/text_scenario.h"
#include "source_dir.h"

using nicteam::scenario::origin;
using nicteam::scenario::read_options;
using nicteam::test::small;
using nicteam::test::text_scenario;

namespace {
read_options sets(std::vector<std::string> s) { return {{}, std::move(s)}; }
}  // namespace

TEST_CASE("the last set wins over the file and the environment") {
    text_scenario s;
    const auto r = s.read("duration = \"1 ms\"\n" + std::string(small), {{"duration=2 ms"}, {"duration=3 ms", "duration=4 ms"}});
    CHECK(r.found.to_string() == "");
    CHECK(r.what->top.integer("duration") == 4'000'000'000);
    CHECK(r.what->top.find("duration")->from == origin::command_line);
    const auto e = s.read("duration = \"1 ms\"\n" + std::string(small), {{"duration=2 ms"}, {}});
    CHECK(e.what->top.integer("duration") == 2'000'000'000);
    CHECK(e.what->top.find("duration")->from == origin::environment);
}

TEST_CASE("what is measured begins with the first traffic or replay unless the scenario says when") {
    text_scenario s;
    std::filesystem::copy_file(NICTEAM_SOURCE_DIR "/scenarios/captures/web-and-ping.pcapng", s.directory() / "x.pcapng");
    const auto traffic = [](const char* name, const char* more) {
        return "[[traffic]]\nname = \"" + std::string(name) + "\"\nfrom = \"client\"\nto = \"server\"\n" + more;
    };
    const auto warm_up = [&](const std::string& top, const std::string& more) {
        const auto r = s.read(top + "duration = \"10 ms\"\n" + std::string(small) + more);
        CHECK(r.found.to_string() == "");
        return r.what->top.integer("warm_up") / nicteam::microsecond;
    };
    const std::string late = traffic("late", "start = \"4 ms\"\n"), early = traffic("early", "start = \"2500 us\"\n");
    const std::string replay = "[[replay]]\nname = \"r\"\npeer = \"client\"\nfile = \"x.pcapng\"\nstart = \"700 us\"\n";
    CHECK(warm_up("", "") == 0);
    CHECK(warm_up("", traffic("plain", "")) == 1000);                          // as traffic_start
    CHECK(warm_up("traffic_start = \"3 ms\"\n", traffic("plain", "") + late) == 3000);
    CHECK(warm_up("", late + early) == 2500);
    CHECK(warm_up("", early + late) == 2500);
    CHECK(warm_up("", late + replay + early) == 700);
    CHECK(warm_up("warm_up = \"0 s\"\n", early) == 0);
    CHECK(warm_up("warm_up = \"5 ms\"\n", early) == 5000);
    }

TEST_CASE("a set by path, by star and by kind") {
    text_scenario s;
    const std::string two = std::string(small) + "[[nic]]\nname = \"nic1\"\nbus = \"server.pci0\"\n";
    const auto slots = [&](std::vector<std::string> v) {
        const auto r = s.read(two, sets(std::move(v)));
        CHECK(r.found.to_string() == "");
        return std::pair(r.what->find("server.pci0.nic0")->integer("slot"), r.what->find("server.pci0.nic1")->integer("slot"));
    };
    CHECK(slots({"server.pci0.nic1.slot=4"}).second == 4);
    CHECK(slots({"server.pci0.nic1.slot=4"}).first != 4);
    CHECK(s.errors(two, sets({"server.*.nic*.slot=4"})).find("is in this slot already") != std::string::npos);
    CHECK(s.errors(two, sets({"nic.slot=4"})).find("is in this slot already") != std::string::npos);
    CHECK(slots({"nic.slot=4", "*.*.nic0.slot=2"}) == std::pair<std::int64_t, std::int64_t>(2, 4));
}

TEST_CASE("a star stands for one step or part of one but never for two") {
    text_scenario s;
    CHECK(s.errors(small, sets({"server.*.slot=4"})) == "--set server.*.slot=4: error: matches nothing in this scenario; there is server.pci0.nic0.slot\n");
    CHECK(s.errors(small, sets({"*.slot=3"})) == "--set *.slot=3: error: matches nothing in this scenario; there is server.pci0.nic0.slot\n");
}

TEST_CASE("a set that matches nothing names the nearest") {
    text_scenario s;
    CHECK(s.errors(small, sets({"server.pci0.nic0.slut=4"})) == "--set server.pci0.nic0.slut=4: error: unknown key slut; did you mean slot?\n");
    CHECK(s.errors(small, sets({"server.pci0.nic9.slot=4"})) ==
          "--set server.pci0.nic9.slot=4: error: matches nothing in this scenario; did you mean server.pci0.nic0.slot?\n");
}

TEST_CASE("the clock of a bus is its period") {
    text_scenario s;
    const auto period = [&](const std::string& file, std::vector<std::string> v, const char* bus = "server.pci0") {
        const auto r = s.read(file, sets(std::move(v)));
        CHECK(r.found.to_string() == "");
        return r.what->find(bus)->integer("period");
    };
    for (const char* key : {"bus.clock", "server.pci0.clock", "server.pci*.clock"}) CHECK(period(small, {std::string(key) + "=66 MHz"}) == 15'000);
    CHECK(period(small, {"bus.clock=66 MHz", "bus.period=40 ns"}) == 40'000);
    CHECK(period(small, {"server.*.clock=1 GHz"}) == 30'000);  // the CPU has a clock by that name
    CHECK(s.read(small, sets({"server.*.clock=1 GHz"})).what->find("server.cpu0")->integer("clock") == 1'000);
    const std::string another = std::string(small) + "[[bus]]\nname = \"pci1\"\nhost = \"server\"\n";
    CHECK(period(another + "clock = \"25 MHz\"\n", {}, "server.pci1") == 40'000);
    s.file("b.toml", another + "period = \"50 ns\"\n");
    CHECK(period("extends = \"b.toml\"\n[[bus]]\nname = \"pci1\"\nclock = \"25 MHz\"\n", {}, "server.pci1") == 40'000);
    CHECK(s.errors(another + "period = \"50 ns\"\nclock = \"25 MHz\"\n") ==
          "s.toml:22:1: error: bus.clock: unknown key; it is another name of period, which is given as well\n");
    CHECK(s.errors(small, sets({"bus.clock=33"})).find("--set bus.clock=33: error: server.pci0.period = 33: needs a unit: Hz, kHz, MHz, GHz, or") == 0);
    CHECK(s.errors(small, sets({"bus.clock=5 GHz"})).find("server.pci0.period = 5 GHz: is out of range") != std::string::npos);
}

TEST_CASE("a set with a bad value says what is allowed") {
    text_scenario s;
    CHECK(s.errors(small, sets({"duration=5"})) == "--set duration=5: error: duration = 5: needs a unit: ps, ns, us, ms, s; allowed: 1 ns … 1000000 s\n");
    CHECK(s.errors(small, sets({"nic.slot=99"})) == "--set nic.slot=99: error: server.pci0.nic0.slot = 99: is out of range; allowed: 1 … 20\n");
    CHECK(s.errors(small, sets({"duration"})) == "--set duration: error: is no key=value\n");
}

TEST_CASE("quotes and lists in a set") {
    text_scenario s;
    CHECK(s.read(small, sets({"duration=\"7 us\""})).what->top.integer("duration") == 7'000'000);
    const auto a = s.read(small, sets({"trace.scopes=server,server.cpu0"})), b = s.read(small, sets({"trace.scopes=[\"server\", \"server.cpu0\"]"}));
    CHECK(a.found.to_string() == "");
    CHECK(a.what->find("trace")->list("scopes") == std::vector<std::string>{"server", "server.cpu0"});
    CHECK(b.what->find("trace")->list("scopes") == std::vector<std::string>{"server", "server.cpu0"});
}

TEST_CASE("what makes a path cannot be set") {
    text_scenario s;
    CHECK(s.errors(small, sets({"server.pci0.nic0.name=x"})) ==
          "--set server.pci0.nic0.name=x: error: server.pci0.nic0.name: makes the component's path and cannot be set from outside\n");
}

TEST_CASE("of an 82557 the kept configuration says what is used") {
    text_scenario s;
    const auto driver = [&](const std::string& identity, const char* key) {
        read_options o;
        o.sets = {"nic.identity=" + identity};
        const auto r = s.read(small, o);
        REQUIRE(r.what);
        const std::string kept = to_toml(*r.what, r.found), line = std::string("\n") + key + " = ";
        const std::size_t at = kept.find(line, kept.find("[nic.driver]"));
        return kept.substr(at + line.size(), kept.find('#', at) - at - line.size() - 2);
    };
    for (const auto& [key, there, else_] : {std::tuple("write_and_invalidate", "false", "true"),
                                            {"standard_tcb", "true", "false"},
                                            {"two_frames", "false", "true"},
                                            {"long_frames", "false", "false"}}) {
        INFO(key);
        CHECK(driver("82557", key) == there);
        CHECK(driver("82558", key) == else_);
    }
}

TEST_CASE("what an 82557 has not is refused when it is asked for") {
    text_scenario s;
    const auto said = [&](const std::string& identity, const std::string& asked) {
        return s.errors(small, sets({"nic.identity=" + identity, "nic.driver." + asked}));
    };
    for (const std::string asked : {"write_and_invalidate=true", "standard_tcb=false", "two_frames=true", "long_frames=true"}) {
        INFO(asked);
        const std::string error = said("82557", asked);
        CHECK(error.find("--set nic.driver." + asked + ": error: nic.driver.") == 0);
        CHECK(error.find(": an 82557 ") != std::string::npos);
        CHECK(error.find("; allowed: ") != std::string::npos);
        for (const char* newer : {"82558", "82559", "82550", "extended"}) CHECK(said(newer, asked) == "");
    }
    for (const char* there : {"write_and_invalidate=false", "standard_tcb=true", "two_frames=false", "long_frames=false"}) CHECK(said("82557", there) == "");
}

TEST_CASE("priorities that a controller has not are refused when they are asked for") {
    text_scenario s;
    const auto said = [&](const std::string& identity, const std::string& asked) {
        return s.errors(small, sets({"nic.identity=" + identity, "nic.driver." + asked}));
    };
    const std::string only_oldest = "only an 82557 has linear priority; allowed: ";
    CHECK(said("82557", "linear_priority=0") == "");
    CHECK(said("82557", "linear_priority_after=own") == "");
    CHECK(said("82557", "priority_threshold=7") == "");
    CHECK(said("82557", "priority_threshold=6").find("knows no PAUSE frames; allowed: 7, or nic.identity = "
                                                     "\"82558\", \"82559\", \"82550\" or \"extended\"") != std::string::npos);
    for (const char* newer : {"82558", "82559", "82550", "extended"}) {
        CHECK(said(newer, "priority_threshold=0") == "");
        CHECK(said(newer, "linear_priority=0") == "");
        CHECK(said(newer, "linear_priority_after=own") == "");
        CHECK(said(newer, "linear_priority=1").find(only_oldest + "0, or nic.identity = \"82557\"") != std::string::npos);
        CHECK(said(newer, "linear_priority_after=all").find(only_oldest + "\"own\", or nic.identity = \"82557\"") != std::string::npos);
    }
}

TEST_CASE("priorities that a link has not are refused when they are asked for") {
    text_scenario s;
    const auto said = [&](const std::string& asked, std::vector<std::string> v) {
        v.push_back("nic.driver." + asked);
        return s.errors(small, sets(std::move(v)));
    };
    const std::string oldest = "nic.identity=82557";
    for (const std::string asked : {"linear_priority=7", "linear_priority_after=all"}) {
        INFO(asked);
        const std::string full = "linear priority is of half duplex, and lan0 will be full duplex; allowed: ";
        CHECK(said(asked, {oldest}).find("--set nic.driver." + asked + ": error: nic.driver.") == 0);
        CHECK(said(asked, {oldest}).find(full) != std::string::npos);
        CHECK(said(asked, {oldest, "peer.duplex=half"}) == "");
        CHECK(said(asked, {oldest, "peer.autonegotiation=false"}) == "");
    }
    const std::string half = "there are no PAUSE frames in half duplex, and client ";
    CHECK(said("priority_threshold=3", {"peer.duplex=half"}).find(half + "is half duplex; allowed: 7, or a full-duplex link") != std::string::npos);
    CHECK(said("priority_threshold=3", {"peer.autonegotiation=false"}).find(half + "does not negotiate") != std::string::npos);
    CHECK(said("priority_threshold=7", {"peer.duplex=half"}) == "");
    CHECK(said("priority_threshold=3", {"link.rate=\"1 Gbps\"", "nic.link_rate=\"1 Gbps\"", "nic.identity=extended"}) == "");
    const std::string alone = small;                      // without a link there is none that could contradict
    CHECK(s.errors(alone.substr(0, alone.find("[[peer]]")), sets({oldest, "nic.driver.linear_priority=7"})) == "");
}

TEST_CASE("a path whose beginning was left out is told whole") {
    text_scenario s;
    read_options o;
    const std::string text = std::string(small) + "[[traffic]]\nname = \"down\"\nfrom = \"client\"\nto = \"server\"\n";
    for (const auto& [key, whole] : {std::pair("down.frame_size=100 B", "client.down.frame_size"), std::pair("nic0.slot=3", "server.pci0.nic0.slot"),
                                     std::pair("pci0.nic0.rx_fifo=1 KiB", "server.pci0.nic0.rx_fifo")}) {
        o.sets = {key};
        CHECK(s.errors(text, o) == fmt::format("--set {}: error: matches nothing in this scenario: a path begins at the top; there is {}\n", key, whole));
    }
}
