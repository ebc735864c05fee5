// What a scenario can ask of its buses, each asked for by a small one.
#include <catch2/catch.hpp>

#include "unit/scenario/command.h"

using namespace nicteam::test;

namespace {

std::string expect(const std::string& metric, const std::string& bound) { return "[[expect]]\nmetric = \"" + metric + "\"\n" + bound + "\n"; }

outcome runs(text_scenario& s, const std::string& more, const std::string& arguments, int status = 0) {
    auto o = tool("run " + few_frames(s, more) + " --out " + (s.directory() / "o").string() + " --set \"warm_up=0 s\" " + arguments);
    INFO(o.text);
    CHECK(o.status == status);
    return o;
}

std::string fault(const std::string& what, const std::string& amount) {
    return "[[fault]]\nat = \"server.pci0\"\nwhat = \"" + what + "\"\nfrom = \"0 s\"\namount = \"" + amount + "\"\n";
}

}  // namespace

TEST_CASE("parity faults are reported by PERR# and SERR# and end as counted interrupts") {
    text_scenario s;
    const std::string delivered = expect("server.sink_9.received", "equals = 20");
    const std::string faults = fault("data_parity", "100 phases") + fault("address_parity", "50 phases");
    runs(s,
         faults + delivered + expect("server.pci0.perr", "at_least = 5") + expect("server.pci0.serr", "at_least = 2") +
             expect("server.pci0.bridge.nmi", "at_least = 7"),
         "--set host.firmware.error_reporting=true --set bus.bridge.parity=true");
    runs(s, faults + delivered + expect("server.pci0.perr", "equals = 0") + expect("server.pci0.serr", "equals = 0"), "");
    runs(s, delivered + expect("server.pci0.perr", "equals = 0"), "--set host.firmware.error_reporting=true --set bus.bridge.parity=true");
}

TEST_CASE("a wrong bit on the bus reaches the frames") {
    text_scenario s;
    runs(s, fault("data_bit", "1000 phases") + expect("server.pci0.perr", "at_least = 1"),
         "--set host.firmware.error_reporting=true --set bus.bridge.parity=true");
}

TEST_CASE("an 82559 holds M66EN low and an extended nic does not") {
    text_scenario s;
    const auto slow = runs(s, "", "--set 'bus.period=\"66 MHz\"'");
    CHECK(slow.text.find("server.pci0: runs at 33 MHz: server.pci0.nic0 is no 66 MHz device and pulls M66EN low") != std::string::npos);
    CHECK(slow.text.find("33.3 Mclocks/s") != std::string::npos);
    for (const char* fast : {"--set 'nic.identity=\"extended\"'", "--set bus.m66en=ignored"}) {
        const auto o = runs(s, "", std::string("--set 'bus.period=\"66 MHz\"' ") + fast);
        CHECK(o.text.find("M66EN") == std::string::npos);
        CHECK(o.text.find("66.7 Mclocks/s") != std::string::npos);
    }
}

TEST_CASE("an extended nic moves 64 bits at a time and an 82559 is refused") {
    text_scenario s;
    const std::string wide = "--set bus.width=64 --set bus.bridge.width=64 --set nic.bus_width=64";
    runs(s, expect("server.pci0.wide_tenures", "at_least = 20") + expect("server.sink_9.received", "equals = 20"), wide + " --set 'nic.identity=\"extended\"'");
    runs(s, expect("server.pci0.wide_tenures", "equals = 0"), "--set bus.width=64 --set nic.bus_width=64 --set 'nic.identity=\"extended\"'");
    const auto o = tool("validate " + few_frames(s) + " " + wide);
    CHECK(o.status == 2);
    CHECK(o.text.find("an 82559 is a 32-bit device") != std::string::npos);
}

TEST_CASE("posted writes follow each other without an idle clock when the bridge is told to") {
    text_scenario s;
    runs(s, expect("server.pci0.back_to_back", "equals = 0"), "");
    runs(s,
         "[[background]]\nname = \"disk\"\nbus = \"server.pci0\"\ninterval = \"2 us\"\nwrite_share = \"100 %\"\nback_to_back = true\n" +
             expect("server.pci0.back_to_back", "at_least = 5") + expect("server.sink_9.received", "equals = 20"),
         "");
}

TEST_CASE("notes tell who reports wrong parity and what carries 32 bits only") {
    text_scenario s;
    const auto lines = [](const std::string& text, const std::string& part) {
        std::size_t n = 0;
        for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++n;
        return n;
    };
    const auto nobody = runs(s, fault("data_parity", "100 phases"), "");
    CHECK(nobody.text.find("server.pci0: nobody reports the wrong parity of fault1") != std::string::npos);
    const auto bridge = runs(s, fault("data_parity", "100 phases"), "--set bus.bridge.parity=true");
    CHECK(bridge.text.find("nobody reports") == std::string::npos);
    CHECK(bridge.text.find("server.pci0: of all agents the host's bridge alone reports the wrong parity of fault1") != std::string::npos);
    std::string both = fault("data_parity", "100 phases");
    both.replace(both.find("server.pci0"), 11, "server.*");
    const auto two = runs(s,
                          "[[pci_bridge]]\nname = \"riser\"\nbus = \"server.pci0\"\n[[bus]]\nname = \"pci1\"\nhost = \"server\"\nbehind = "
                          "\"server.pci0.riser\"\nwidth = \"64\"\n" +
                              both,
                          "");
    CHECK(lines(two.text, "nobody reports") == 1);
    CHECK(two.text.find("server.pci1: carries 32 bits: server.pci0.riser is a 32-bit bridge") != std::string::npos);
}
