// Pins drawn from tenures, against docs/bus.md by hand. Against the clocked reference: tb/system/compare.
#include <catch2/catch.hpp>

#include "nicteam/check/recorders.h"
#include "nicteam/report/vcd_writer.h"
#include "unit/fresh_kernel.h"
#include "unit/pci/programmable_target.h"
#include "unit/pci/workload_master.h"
#include "unit/report/scratch.h"
#include "unit/report/vcd_text.h"

using namespace nicteam;
using nicteam::test::wave;

namespace {

constexpr ps T = 30'000;

wave drawn(test::master_program work, test::target_program target, check::pci_pins_options options = {}) {
    test::scratch dir;
    {
        test::fresh_kernel kernel;
        pci::bus bus("pci0", {});
        test::workload_master master("master", bus, work, 0);
        test::programmable_target agent("target", target);
        bus.plug(agent.agent, target.device);
        for (auto& t : master.transfers)
            for (std::uint32_t i = 0; i < t.bytes; ++i) t.data[i] = static_cast<std::uint8_t>(i + 1);
        report::vcd_writer w(dir / "w.vcd", {});
        check::pci_pins pins(bus, w, options);
        sc_core::sc_start(sim::to_sc_time(3 * microsecond));
        w.close(3 * microsecond);
    }
    return test::changes_of(test::content_of(dir / "w.vcd"));
}

// Clocks from the first FRAME# (as sampled) and value.
std::string line(const wave& w, const std::string& pin) {
    const ps a = w.at("pci0.FRAME_n").at(1).first;
    std::string s;
    for (const auto& [at, v] : w.at("pci0." + pin))
        if (at >= a || at == 0) s += (s.empty() ? "" : " ") + (at < a ? "-" : std::to_string((at - a) / T)) + ":" + v;
    return s;
}

test::target_program memory() {
    test::target_program t;
    t.size = 65536;
    return t;
}
test::master_program one(pci::command c, std::uint64_t address, std::uint32_t bytes) {
    test::master_program p;
    p.items.push_back({300'000, c, address, bytes, -1});
    return p;
}

}  // namespace

TEST_CASE("Pins of a write of three words to a medium target") {
    const wave w = drawn(one(pci::command::memory_write, 0x100, 12), memory());
    CHECK(line(w, "FRAME_n") == "-:z 0:0 4:1 5:z");
    CHECK(line(w, "IRDY_n") == "-:z 1:0 5:1 6:z");
    CHECK(line(w, "DEVSEL_n") == "-:z 2:0 5:1 6:z");
    CHECK(line(w, "TRDY_n") == "-:z 2:0 5:1 6:z");
    CHECK(line(w, "STOP_n") == "-:z");
    CHECK(line(w, "CBE_n") == "-:0 0:111 1:0 5:z");
    CHECK(line(w, "AD") ==
          "-:0 0:100000000 1:100000000110000001000000001 3:1000000001110000011000000101 4:1100000010110000101000001001 5:z");
    // 0x100 and 0111: one bit and three; 0x04030201: five; 0x08070605: eight; 0x0C0B0A09: nine … even parity, one clock later.
    CHECK(line(w, "PAR") == "-:z 2:1 4:0 5:1 6:z");
}

TEST_CASE("Pins of a read turn the bus around") {
    const wave w = drawn(one(pci::command::memory_read, 0x100, 8), memory());
    CHECK(line(w, "AD") == "-:0 0:100000000 1:z 2:100000000110000001000000001 3:1000000001110000011000000101 4:z");
    CHECK(line(w, "CBE_n") == "-:0 0:110 1:0 4:z");
    CHECK(line(w, "TRDY_n") == "-:z 2:0 4:1 5:z");
    CHECK(line(w, "PAR") == "-:z 1:1 2:z 3:1 4:0 5:z");
}

TEST_CASE("Byte enables follow odd addresses") {
    const wave w = drawn(one(pci::command::memory_write, 0x103, 6), memory());
    CHECK(line(w, "CBE_n") == "-:0 0:111 3:0 4:1110 5:z");
}

TEST_CASE("TRDY# goes high between words with wait states") {
    auto t = memory();
    t.next_wait = {2};
    const wave w = drawn(one(pci::command::memory_write, 0x100, 8), t);
    CHECK(line(w, "TRDY_n") == "-:z 2:0 3:1 4:z 5:0 6:1 7:z");
}

TEST_CASE("A retry shows STOP# and no TRDY#") {
    auto t = memory();
    t.pattern = "r.";
    const wave w = drawn(one(pci::command::memory_write, 0x100, 4), t);
    CHECK(line(w, "STOP_n") == "-:z 2:0 3:1 4:z");
    CHECK(line(w, "TRDY_n").substr(0, 4) == "-:z ");
    CHECK(w.at("pci0.FRAME_n").size() == 7);             // low, high, released: twice
}

TEST_CASE("A target abort raises DEVSEL# with STOP#") {
    auto t = memory();
    t.pattern = "a";
    const wave w = drawn(one(pci::command::memory_write, 0x100, 4), t);
    CHECK(line(w, "DEVSEL_n") == "-:z 2:0 3:1 4:z");
    CHECK(line(w, "STOP_n") == "-:z 3:0 4:1 5:z");
}

TEST_CASE("A master abort has nobody answering") {
    const wave w = drawn(one(pci::command::memory_read, 0x100000, 8), memory());
    CHECK(line(w, "DEVSEL_n") == "-:z");
    CHECK(line(w, "FRAME_n") == "-:z 0:0 6:1 7:z");
    CHECK(line(w, "AD") == "-:0 0:100000000000000000000 1:z");
}

TEST_CASE("A configuration access raises the IDSEL of its device for the address phase") {
    auto t = memory();
    t.device = 3;
    check::pci_pins_options o;
    o.devices = {0, 3};
    const wave w = drawn(one(pci::command::configuration_read, 3u << 11 | 0x10, 4), t, o);
    CHECK(line(w, "IDSEL_3") == "-:0 0:1 1:0");
    CHECK(line(w, "IDSEL_0") == "-:0");
    CHECK(line(w, "AD").substr(0, 11) == "-:0 0:10000");
}

// One master has the bus for thousands of clocks, word by word in slow tenures that it is always first to get; the file grows
// meanwhile.
TEST_CASE("A master that waits long has its REQ# drawn at its edge") {
    test::scratch dir;
    {
        test::fresh_kernel kernel;
        pci::bus_config c;
        c.arbiter = 1;                                   // fixed priority
        pci::bus bus("pci0", c);
        auto busy = one(pci::command::memory_write, 0x100, 4);
        busy.items.resize(400, busy.items[0]);
        test::workload_master first("first", bus, busy, 0), second("second", bus, busy, 1),
            last("starved", bus, one(pci::command::memory_write, 0x200, 4), 2);
        test::programmable_target agent("target", memory());
        bus.plug(agent.agent, 0);
        kernel.session().settle_order();
        check::wave_options o;
        o.path = dir / "w.vcd";
        o.hold = 100;
        o.in_scope = [](const std::string& path) { return path == "pci0"; };
        check::wave_recorder waves(kernel.session(), o);
        REQUIRE(waves.watch(bus, {}));
        sc_core::sc_start(sim::to_sc_time(200 * microsecond));
        waves.close(200 * microsecond);
        CHECK(waves.wave().late() == 0);
    }
    const wave w = test::changes_of(test::content_of(dir / "w.vcd"));
    const auto& starved = w.at("pci0.REQ_n_starved");
    REQUIRE(starved.size() == 3);
    CHECK(starved[1] == std::pair<long long, std::string>{300'000, "0"});     // it acts at 300 ns
    CHECK(starved[2].first > 80 * microsecond);
}

TEST_CASE("The clock is drawn when asked for and interrupts and RST# as they are driven") {
    test::scratch dir;
    {
        test::fresh_kernel kernel;
        pci::bus bus("pci0", {});
        report::vcd_writer w(dir / "w.vcd", {});
        check::pci_pins_options o;
        o.clock = true;
        check::pci_pins pins(bus, w, o);
        pins.interrupt(0, true, 60'000);
        bus.rst().drive(true, 60'000);
        bus.rst().drive(false, 75'000);
        pins.interrupt(0, false, 90'000);
        w.close(100'000);
    }
    const wave w = test::changes_of(test::content_of(dir / "w.vcd"));
    CHECK(w.at("pci0.CLK") == std::vector<std::pair<long long, std::string>>{
                                  {0, "1"}, {15'000, "0"}, {30'000, "1"}, {45'000, "0"}, {60'000, "1"}, {75'000, "0"}, {90'000, "1"}});
    CHECK(w.at("pci0.RST_n") == std::vector<std::pair<long long, std::string>>{{0, "1"}, {60'000, "0"}, {75'000, "1"}});
    CHECK(w.at("pci0.INTA_n") == std::vector<std::pair<long long, std::string>>{{0, "z"}, {60'000, "0"}, {90'000, "z"}});
}
