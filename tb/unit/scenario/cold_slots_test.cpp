// A slot that firmware finds empty at a cold start, or whose device goes while firmware is at it: what is put in later works all the same.
#include "nicteam/scenario/run.h"
#include "unit/fresh_kernel.h"
#include "unit/scenario/text_scenario.h"

#include <catch2/catch.hpp>

using namespace nicteam;
using namespace nicteam::test;

namespace {

// Expectations decide the status.
int status_of(const std::string& nic, const std::string& fault, const std::string& more = "", const std::string& host = "", bool while_it_starts = false) {
    text_scenario s;
    const std::string text =
        "start = \"cold\"\nduration = \"7 ms\"\nwarm_up = \"0 ps\"\ntraffic_start = \"6 ms\"\n[[host]]\nname = \"h\"\n" + host +
        "[[cpu]]\nname = \"c\"\nhost = \"h\"\n[[bus]]\nname = \"p\"\nhost = \"h\"\n" + more + nic +
        "eeprom_load_clocks = 1\nself_test = \"10 us\"\n[nic.driver]\nself_test_timeout = \"100 us\"\neeprom_delay = \"20 ns\"\nlink_poll "
        "= \"100 us\"\n"
        "[[peer]]\nname = \"k\"\n[[link]]\nname = \"l\"\na = \"h." +
        (more.empty() ? "p" : "q") +
        ".n\"\nb = \"k\"\nnegotiation = \"instant\"\n"
        "[[traffic]]\nname = \"t\"\nfrom = \"k\"\nto = \"h\"\npace = \"frames\"\nframes_per_second = 10000\nframe_size = \"64 B\"\n"
        "[[fault]]\nat = \"h." +
        (more.empty() ? "p" : "q") + ".n\"\n" + fault +
        "[[expect]]\nmetric = \"nic.driver.failed_start\"\nequals = " + (while_it_starts ? "1" : "0") +
        "\n[[expect]]\nmetric = \"h.hot_plug.insertions\"\nequals = \"1 devices\"\n"
        "[[expect]]\nmetric = \"h.sink_9.received\"\nat_least = \"8 packets\"\n";
    const auto r = scenario::read(s.file("cold.toml", text));
    INFO(r.found.to_string());
    REQUIRE(r.found.none());
    fresh_kernel k;
    scenario::run_options quiet;
    quiet.quiet = true;
    return scenario::run(*r.what, r.found, quiet);
}

const std::string present = "[[nic]]\nname = \"n\"\nbus = \"h.p\"\n", absent = present + "present = false\n";
const std::string bridged = "[[pci_bridge]]\nname = \"riser\"\nbus = \"h.p\"\n[[bus]]\nname = \"q\"\nhost = \"h\"\nbehind = \"h.p.riser\"\n";
const std::string absent_behind = "[[nic]]\nname = \"n\"\nbus = \"h.q\"\npresent = false\n";

}  // namespace

TEST_CASE("what is put into a slot that was empty at a cold start gets what was set aside") {
    for (const char* from : {"50 us", "500 us"}) {
        const std::string fault = std::string("what = \"inserted\"\nfrom = \"") + from + "\"\n";
        CAPTURE(from);
        CHECK(status_of(absent, fault) == 0);
        CHECK(status_of(absent_behind, fault, bridged) == 0);
        CHECK(status_of("[[nic]]\nname = \"n\"\nbus = \"h.p\"\npresent = false\nidentity = \"82557\"\n", fault) == 0);      // a flash window of 1 MiB
    }
}

TEST_CASE("a nic that is out while firmware looks for it or while its driver starts works when it is in again") {
    const int firmware_is_done = 29;
    for (int us = 0; us < 60; us += 2) {
        CAPTURE(us);
        CHECK(status_of(present, "what = \"removed\"\nfrom = \"" + std::to_string(us) + " us\"\nfor = \"200 us\"\n", "", "", us > firmware_is_done) == 0);
    }
}

TEST_CASE("what does not fit into what was set aside is left out and the driver needs the registers alone") {
    const std::string fault = "what = \"inserted\"\nfrom = \"500 us\"\n";
    CHECK(status_of(absent, fault, "", "[host.firmware]\n" "slot_memory = \"1 MiB\"\n" "slot_io = \"32 B\"\n") == 0);
    CHECK(status_of("[[nic]]\nname = \"n\"\nbus = \"h.p\"\npresent = false\n", fault, "",
                    "[host.firmware]\n"
                    "slot_memory = \"4 KiB\"\n"
                    "slot_io = \"4 B\"\n") == 0);
}
