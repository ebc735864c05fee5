// No valid scenario breaks a rule that is checked in every run: at random, with ends at random, and what once did.
// NICTEAM_SEEDS="first count" looks at other seeds.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "nicteam/scenario/run.h"
#include "unit/fresh_kernel.h"
#include "unit/scenario/random_record.h"
#include "unit/scenario/random_scenario.h"
#include "unit/scenario/random_secured.h"
#include "unit/scenario/text_scenario.h"

#include <catch2/catch.hpp>
#include "source_dir.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
// As the command does it; 3: a checker stopped it, and said why on stderr.
int status_of(const scenario::reading& r) {
    fresh_kernel k;
    scenario::run_options quiet;
    quiet.quiet = true;
    return scenario::run(*r.what, r.found, quiet);
}

bool conserved(const std::string& file, const std::vector<std::string>& sets = {}) {
    const auto r = scenario::read(file, {{}, sets});
    INFO(r.found.to_string());
    REQUIRE(r.found.none());
    const int status = status_of(r);
    return status == 0 || status == 1;            // its expectations are not asked about here
}

std::string shipped(const std::string& name) { return std::string(NICTEAM_SOURCE_DIR) + "/scenarios/" + name + ".toml"; }
constexpr const char* names[] = {"line-rate-64", "line-rate-1518",       "cpu-limited",     "bus-limited", "back-to-back",
                                 "eight-nics",   "overrun-and-recovery", "behind-a-bridge", "hot-plug"};

std::pair<std::uint64_t, std::uint64_t> seeds(std::uint64_t count) {
    std::pair<std::uint64_t, std::uint64_t> s{1, count};
    if (const char* given = std::getenv("NICTEAM_SEEDS")) std::istringstream(given) >> s.first >> s.second;
    return s;
}

const std::string one_nic = "extends = \"" + shipped("parts/one-nic") + "\"\n";
const std::string to_client = R"(
[[traffic]]
name = "t"
from = "server"
to = "client"
pace = "frames"
frames_per_second = 20000
frame_size = "100 B"
)";
const std::string to_server = R"(
[[traffic]]
name = "t"
from = "client"
to = "server"
pace = "line_rate"
frame_size = "1518 B"
)";
std::string fault(const std::string& at, const std::string& what, const std::string& more = "") {
    return "[[fault]]\nat = \"" + at + "\"\nwhat = \"" + what + "\"\n" + more;
}
}  // namespace

namespace {
const std::string behind_a_bridge = R"(
[[pci_bridge]]
name = "riser"
bus = "server.pci0"
[[bus]]
name = "pci1"
host = "server"
behind = "server.pci0.riser"
[[nic]]
name = "nic0"
bus = "server.pci1"
[[link]]
name = "lan0"
a = "server.pci1.nic0"
)";
}  // namespace

TEST_CASE("scenarios at random conserve their frames") {
    text_scenario s;
    const auto [first, count] = seeds(100);
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const std::string text = random_scenario(seed, "random.record.pcapng").text();
        write_random_record(seed, (s.directory() / "random.record.pcapng").string());
        CAPTURE(seed, text);
        CHECK(conserved(s.file("random.toml", text)));
    }
}

TEST_CASE("scenarios at random with a crypto block conserve their frames") {
    text_scenario s;
    const auto [first, count] = seeds(150);
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const std::string text = random_secured(seed).text();
        CAPTURE(seed, text);
        CHECK(conserved(s.file("secured.toml", text)));
    }
}

TEST_CASE("shipped scenarios conserve their frames wherever they end") {
    const auto [first, count] = seeds(3);
    for (const char* name : names) {
        random_stream r(first, name, "end");
        for (std::uint64_t n = 0; n < count; ++n) {
            const auto read = scenario::read(shipped(name), {{}, {"warm_up=0 ps"}});
            REQUIRE(read.found.none());
            ps least = millisecond;
            for (const scenario::component* f : read.what->of_kind("fault")) least = std::max(least, f->integer("from") + 1);
            const std::string end =
                "duration=" + std::to_string(r.between(least, std::min(read.what->top.integer("duration"), least + 2 * millisecond))) +
                " ps";
            CAPTURE(name, end);
            CHECK(conserved(shipped(name), {"warm_up=0 ps", end}));
        }
    }
}

TEST_CASE("a frame whose status is posted is the driver's to take") {
    for (const char* end : {"2054970 ns", "2054985 ns", "2055000 ns", "2055100 ns"})
        CHECK(conserved(shipped("line-rate-64"), {std::string("duration=") + end, "warm_up=0 ps"}));
    for (int ns = 0; ns < 1200; ns += 30) {       // status words one after the other, long in the bridge
        CAPTURE(ns);
        CHECK(conserved(shipped("line-rate-64"), {"duration=" + std::to_string(2'054'000 + ns) + " ns", "warm_up=0 ps", "bus.bridge.write_delay=64"}));
    }
}

TEST_CASE("a device that is dead from the start refuses its packets") {
    text_scenario s;
    for (const char* what : {"master_abort", "target_abort"})
        CHECK(conserved(s.file("dead.toml", "duration = \"4 ms\"\n" + one_nic + to_client + fault("server.pci0.nic0", what))));
}

TEST_CASE("what a watchdog has taken out of the ring stays claimed until the device runs again") {
    text_scenario s;
    for (const char* after : {"give_up", "resend"})
        for (const char* what : {"master_abort", "endless_retry"})
            for (const char* lasts : {"", "for = \"2 ms\"\n"}) {
                const std::string file =
                    s.file("stuck.toml", "duration = \"8 ms\"\n" + one_nic + to_client +
                                             fault("server.pci0.bridge", what, std::string("from = \"1500 us\"\n") + lasts));
                CHECK(conserved(file, {"nic.driver.transmit_timeout=500 us", std::string("nic.driver.after_timeout=") + after}));
            }
}

TEST_CASE("what a driver gives up that could not stop its device may still be sent") {
    text_scenario s;
    for (const char* reason : {"reset", "taken_down"})
        for (int ns = 1'446'602; ns < 1'700'000; ns += 23'000) {
            const std::string from = "from = \"" + std::to_string(ns) + " ns\"\n", lasts = from + "for = \"434 us\"\n";
            CAPTURE(reason, ns);
            CHECK(conserved(s.file("unseen.toml", "extends = \"" + shipped("behind-a-bridge") + "\"\n" + fault("server.pci1.far", "master_abort", lasts) +
                                                      fault("server.pci1.far.driver", reason, lasts)), {"duration=4 ms", "warm_up=0 ps"}));
        }
}

TEST_CASE("what is on the wire when a device underruns or is reset ends there once") {
    const std::string slow = "bus.bridge.read_next_wait=5";
    for (const char* retry : {"0", "1", "2", "3"})
        for (const char* scenario : {"line-rate-1518", "back-to-back"})
            CHECK(conserved(shipped(scenario),
                            {"duration=4 ms", "warm_up=0 ps", "bus.bridge.read_wait=29", slow, "nic.driver.transmit_threshold=1",
                             "bus.bridge.read_boundary=64 B", std::string("nic.driver.underrun_retry=") + retry}));
    for (const char* after : {"give_up", "resend"})
        CHECK(conserved(shipped("line-rate-1518"), {"duration=4 ms", "warm_up=0 ps", "nic.driver.transmit_timeout=100 us",
                                                    std::string("nic.driver.after_timeout=") + after}));
}

TEST_CASE("bit errors that begin amid a frame end it once") {
    text_scenario s;
    const std::string errors = fault("lan0.b_to_a", "bit_errors", "amount = \"0.5\"\nfrom = \"1500 us\"\nfor = \"777 us\"\n");
    for (const char* save : {"true", "false"})
        CHECK(conserved(s.file("noise.toml", "duration = \"3 ms\"\n" + one_nic + to_server + errors), {std::string("nic.driver.save_bad=") + save}));
}

TEST_CASE("a frame that is sent without a cable is lost there") {
    text_scenario s;
    const std::string more =
        "[[nic]]\nname = \"lonely\"\nbus = \"server.pci0\"\naddress = \"10.9.0.1/24\"\n[[traffic]]\nname = \"t\"\nfrom = "
        "\"server.pci0.lonely\"\nto = \"client\"\nprotocol = \"raw\"\n";
    CHECK(conserved(s.file("lonely.toml", "duration = \"3 ms\"\n" + one_nic + more)));
}

TEST_CASE("what meets a short abort on the bus is lost or found again and the rest goes on") {
    text_scenario s;
    const std::string both = to_client + "[[traffic]]\nname = \"u\"\nfrom = \"client\"\nto = \"server\"\npace = \"line_rate\"\nframe_size = \"200 B\"\n";
    for (const char* after : {"give_up", "resend"})
        for (const char* at : {"server.pci0.bridge", "server.pci0.nic0"})
            for (unsigned n = 0; n < 120; ++n) {
                const std::string when = "from = \"" + std::to_string(1'500'000 + 300 * n) + " ns\"\nfor = \"" +
                                         (n % 2 ? std::string("621 ns") : std::to_string(100 + 3 * n) + " us") + "\"\n";
                CAPTURE(after, at, when);
                CHECK(conserved(s.file("moment.toml", "duration = \"4 ms\"\n" + one_nic + both + fault(at, n % 3 ? "master_abort" : "target_abort", when)),
                                {"nic.driver.receive_ring=2", "nic.driver.transmit_timeout=100 us", std::string("nic.driver.after_timeout=") + after}));
            }
}

TEST_CASE("descriptors, counts and pointers of the flexible mode that meet a short abort are lost or found again") {
    text_scenario s;
    const std::string both = to_client + "[[traffic]]\nname = \"u\"\nfrom = \"client\"\nto = \"server\"\npace = \"line_rate\"\nframe_size = \"200 B\"\n";
    for (const char* at : {"server.pci0.bridge", "server.pci0.nic0"})
        for (unsigned n = 0; n < 160; ++n) {
            const std::string when = "from = \"" + std::to_string(1'500'000 + 225 * n) + " ns\"\nfor = \"" +
                                     (n % 4 ? std::string("221 ns") : std::to_string(100 + n) + " us") + "\"\n";
            CAPTURE(at, when);
            CHECK(conserved(s.file("moment.toml", "duration = \"4 ms\"\n" + one_nic + both + fault(at, n % 3 ? "master_abort" : "target_abort", when)),
                            {"nic.driver.receive_mode=flexible", "nic.driver.receive_ring=4", "nic.driver.receive_buffers=9", "nic.driver.receive_buffer=100 B",
                             "nic.driver.transmit_timeout=100 us"}));
        }
}

TEST_CASE("a nic that is taken out and put in at any time takes no frame with it unaccounted") {
    text_scenario s;
    const std::string both = to_client + "[[traffic]]\nname = \"u\"\nfrom = \"client\"\nto = \"server\"\npace = \"line_rate\"\nframe_size = \"200 B\"\n";
    const auto [first, count] = seeds(160);
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        random_stream r(seed, "slot", "times");
        const bool bridged = r.next() % 2;
        std::string faults;
        for (std::uint64_t n = 1 + r.next() % 3; n; --n)
            faults += fault(bridged ? "server.pci1.nic0" : "server.pci0.nic0", "removed",
                            "from = \"" + std::to_string(r.next() % 3'000'000) + " ns\"\nfor = \"" +
                                std::to_string(1 + r.next() % (r.next() % 2 ? 2'000 : 900'000)) + " ns\"\n");
        std::string scenario = "duration = \"4 ms\"\n" + one_nic + both + faults;
        if (bridged) scenario += behind_a_bridge;
        std::vector<std::string> sets = {"nic.driver.receive_ring=4", std::string("nic.driver.receive_mode=") + (r.next() % 2 ? "flexible" : "simplified"),
                                         "nic.driver.receive_buffers=" + std::to_string(2 + r.next() % 9),
                                         std::string("nic.driver.receive_buffer=") + (r.next() % 2 ? "100 B" : "1518 B"),
                                         "host.hot_plug.notice=" + std::to_string(1 + r.next() % 200) + " us",
                                         "nic.driver.absent_polls=" + std::to_string(1 + r.next() % 100),
                                         "host.hot_plug.power_good=" + std::to_string(r.next() % 100) + " us",
                                         std::string("nic.driver.policy=") + (r.next() % 2 ? "acknowledge" : "mask_and_poll"),
                                         "nic.driver.transmit_timeout=" + std::to_string(r.next() % 2 * 100) + " us",
                                         std::string("nic.driver.after_timeout=") + (r.next() % 2 ? "give_up" : "resend")};
        CAPTURE(seed, bridged, faults, sets);
        CHECK(conserved(s.file("slot.toml", scenario), sets));
    }
}

TEST_CASE("scenarios that once broke a rule do not") {
    unsigned files = 0;
    for (const auto& f : std::filesystem::directory_iterator(NICTEAM_SOURCE_DIR "/tb/unit/scenario/once")) {
        CAPTURE(f.path());
        CHECK(conserved(f.path().string()));
        ++files;
    }
    CHECK(files == 30);
}
