// 64 bit, dual address cycles, fast back-to-back and whole lines: tenures of the real bus against their closed forms.
#include <catch2/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

#include "nicteam/bounds/pci.h"
#include "nicteam/pci/device.h"
#include "unit/fresh_kernel.h"
#include "unit/pci/workbench.h"

using namespace nicteam;
using nicteam::test::run_text;

namespace {

struct tenure {
    std::string command;
    std::uint64_t address;
    std::uint32_t words;
    ps request, at;
    std::string data;
    ps idle;
    std::uint32_t done;
    std::string why;
    std::int64_t clocks() const { return (idle - at) / 30'000 + 1; }      // to the earliest next FRAME#
};

std::vector<tenure> tenures(const std::string& bus, const std::string& masters, const std::string& targets) {
    std::istringstream in(run_text("bus until=60000000 " + bus + "\n" + masters + "\n" + targets + "\n"));
    std::vector<tenure> all;
    unsigned master;
    for (tenure t; in >> master >> t.command >> std::hex >> t.address >> std::dec >> t.words >> t.request >> t.at >> t.data >> t.idle >>
                   t.done >> t.why;)
        all.push_back(t);
    return all;
}
tenure one(const std::string& bus, const std::string& master, const std::string& item, const std::string& target) {
    const auto all = tenures(bus, "master timer=255 " + master + "\nitem " + item, "target size=0x100000 " + target);
    REQUIRE(all.size() >= 1);
    return all[0];
}
std::string n(std::uint64_t v) { return std::to_string(v); }

}  // namespace

TEST_CASE("64-bit data phases carry 8 bytes each and take the closed form's clocks") {
    for (const std::uint32_t bytes : {16u, 60u, 64u, 512u, 1514u})
        for (const std::uint64_t address : {0u, 4u, 8u, 0x105u})
            for (const unsigned devsel : {1u, 2u, 4u})
                for (const char* command : {"6", "7"}) {
                    INFO(bytes << " at " << address << ", DEVSEL# " << devsel << ", command " << command);
                    const tenure t =
                        one("wide=1", "wide=1", std::string("command=") + command + " address=" + n(address) + " bytes=" + n(bytes),
                            "base=0 wide=1 devsel=" + n(devsel));
                    const std::uint32_t words = bounds::words_of(address, bytes, bounds::asks_for_64_bit(address, bytes) ? 8 : 4);
                    CHECK(t.done == words);
                    CHECK(t.clocks() == (*command == '7' ? bounds::write_clocks(words, {devsel}) : bounds::read_clocks(words, {devsel})));
                }
}

TEST_CASE("REQ64# or ACK64# alone make 32-bit data phases") {
    const char* const item = "command=7 address=4 bytes=64";
    CHECK(one("wide=1", "wide=1", item, "base=0 wide=1").words == 9);
    CHECK(one("wide=1", "wide=1", item, "base=0 wide=0").words == 16);
    CHECK(one("wide=1", "wide=0", item, "base=0 wide=1").words == 16);
    CHECK(one("wide=0", "wide=1", item, "base=0 wide=1").words == 16);
}

TEST_CASE("64 bits are asked for from two 64-bit data phases on and for memory only") {
    CHECK(one("wide=1", "wide=1", "command=7 address=0 bytes=8", "base=0 wide=1").words == 2);
    CHECK(one("wide=1", "wide=1", "command=7 address=4 bytes=8", "base=0 wide=1").words == 2);      // two either way
    CHECK(one("wide=1", "wide=1", "command=7 address=0 bytes=12", "base=0 wide=1").words == 2);
    CHECK(one("wide=1", "wide=1", "command=3 address=0 bytes=16", "base=0 wide=1 io=1").words == 4);
    CHECK_FALSE(bounds::asks_for_64_bit(0, 8));
    CHECK(bounds::asks_for_64_bit(4, 8));
}

TEST_CASE("What a 64-bit tenure leaves goes on where it stopped") {
    const auto all =
        tenures("wide=1", "master timer=255 wide=1\nitem command=7 address=0x3C bytes=100", "target base=0 size=4096 wide=1 boundary=64");
    REQUIRE(all.size() == 3);
    CHECK(all[0].address == 0x3C);
    CHECK(all[0].done == 1);                     // the odd dword before the boundary
    CHECK(all[1].address == 0x40);
    CHECK(all[1].done == 8);
    CHECK(all[2].address == 0x80);
    CHECK(all[2].done == 4);
}

TEST_CASE("An address above 4 GiB takes one clock more") {
    for (const char* wide : {"0", "1"})
        for (const char* command : {"6", "7"}) {
            const std::string target = std::string("base=0x200000000 wide=") + wide,
                              item = std::string("command=") + command + " bytes=64 address=";
            const tenure t = one("wide=1", std::string("wide=") + wide, item + "0x200000000", target);
            const std::uint32_t words = *wide == '1' ? 8 : 16;
            CHECK(t.done == words);
            CHECK(t.clocks() ==
                  (*command == '7' ? bounds::write_clocks(words, {}, {true, false}) : bounds::read_clocks(words, {}, {true, false})));
        }
    CHECK(one("", "", "command=6 bytes=8 address=0x200000000", "base=0").clocks() == bounds::master_abort_clocks(false) + 1);
}

TEST_CASE("Writes of one master to one target follow each other without an idle clock") {
    const std::string two = "item command=7 address=0 bytes=16\nitem command=7 address=0x100 bytes=16\n",
                      target = "target base=0 size=4096";
    const auto after = [&](const std::string& master, const std::string& items, const std::string& targets, const std::string& bus = "") {
        const auto all = tenures(bus, "master timer=255 " + master + "\n" + items, targets);
        REQUIRE(all.size() >= 2);
        return (all[1].at - all[0].idle) / 30'000;
    };
    CHECK(after("follow=0", two, target) == 1);
    CHECK(after("follow=1", two, target) == 0);
    CHECK(after("follow=1", two, target, "parking=none") > 0);                                       // GNT# is gone
    CHECK(after("follow=1", "item command=6 address=0 bytes=16\nitem command=7 address=0x100 bytes=16\n", target) == 1);   // behind a read
    CHECK(after("follow=1", "item command=7 address=0 bytes=16\nitem command=6 address=0x100 bytes=16\n", target) ==
          0);                                                                                        // a read behind a write
    CHECK(after("follow=1", two, target + " boundary=16") == 1);                                     // STOP# comes with the last word
    CHECK(after("follow=1", two, target + " boundary=16 with_data=0") == 0);                         // and here too late to count
    const std::string other = "target base=0 size=256\ntarget base=0x100 size=256 devsel=1";
    CHECK(after("follow=1", two, other) == 1);
    CHECK(after("follow=2", two, other) == 0);
    // A fast target that was not the one before takes its clock.
    CHECK(tenures("", "master timer=255 follow=2\n" + two, other)[1].clocks() == bounds::write_clocks(4, {2}));
    CHECK(tenures("", "master timer=255 follow=1\n" + two, "target base=0 size=4096 devsel=1")[1].clocks() == bounds::write_clocks(4, {1}));
    CHECK(bounds::write_clocks(4, {}, {false, true}) == bounds::write_clocks(4) - 1);
}

TEST_CASE("Nobody follows while another asks") {
    const std::string two = "item command=7 address=0 bytes=64\nitem command=7 address=0x100 bytes=64\n";
    const auto all =
        tenures("", "master timer=255 follow=1\n" + two + "master timer=255\nitem command=7 address=0x200 bytes=4 arrival=60000",
                "target base=0 size=4096");
    REQUIRE(all.size() == 3);
    CHECK(all[1].address == 0x200);
}

TEST_CASE("Memory write and invalidate carries whole lines and falls back to memory write") {
    struct row { std::uint64_t address; std::uint32_t bytes, line; std::string commands; };
    for (const row& r :
         {row{0, 64, 32, "F"}, row{0, 80, 32, "F7"}, row{16, 64, 32, "7"}, row{0, 20, 32, "7"}, row{0, 64, 0, "7"}, row{0, 96, 64, "F7"}}) {
        INFO(r.bytes << " at " << r.address << ", lines of " << r.line);
        const auto all =
            tenures("", "master timer=255 line=" + n(r.line) + "\nitem command=0xF address=" + n(r.address) + " bytes=" + n(r.bytes),
                    "target base=0 size=4096");
        std::string commands;
        for (const tenure& t : all) commands += t.command;
        CHECK(commands == r.commands);
        const std::uint32_t whole = bounds::invalidated(r.address, r.bytes, r.line);
        if (whole) CHECK(all[0].done == whole / 4);
    }
    // On 64 bits as well, up to the end of a line when it has to stop.
    const auto all =
        tenures("wide=1 parking=none", "master timer=3 line=64 wide=1\nitem command=0xF bytes=256", "target base=0 size=4096 wide=1");
    CHECK(all[0].done == 8);
    CHECK(all[0].why == "latency_timer");
}

TEST_CASE("The read command goes by the lines that are read") {
    CHECK(pci::read_command(0, 16, 32) == pci::command::memory_read);
    CHECK(pci::read_command(0, 20, 32) == pci::command::memory_read_line);
    CHECK(pci::read_command(0, 96, 32) == pci::command::memory_read_line);
    CHECK(pci::read_command(0, 97, 32) == pci::command::memory_read_multiple);
    CHECK(pci::read_command(0, 512, 0) == pci::command::memory_read);
}

TEST_CASE("A device that is no 66 MHz device refuses a faster bus unless M66EN is ignored") {
    const auto build = [](unsigned m66en, std::uint32_t status, ps period) {
        test::fresh_kernel kernel;
        pci::bus_config c;
        c.period = period;
        c.m66en = m66en;
        pci::bus bus("bus", c);
        pci::configuration_space header;
        header.declare(0x06, 2, status);
        const pci::device card("card", bus, 1, header);
    };
    CHECK_THROWS_AS(build(0, 0x0280, 15'000), std::invalid_argument);
    CHECK_NOTHROW(build(0, 0x02A0, 15'000));
    CHECK_NOTHROW(build(1, 0x0280, 15'000));
    CHECK_NOTHROW(build(0, 0x0280, 30'000));
}

TEST_CASE("64 bits at 66 MHz are worth four times 32 bits at 33 MHz") {
    const auto megabytes = [](ps period, unsigned width) {
        const bounds::fraction f = bounds::throughput(period, 64, {}, true, width);
        return bounds::fraction{f.numerator, f.denominator * 1'000'000}.decimal(1);
    };
    CHECK(megabytes(30'000, 4) == "127.4");
    CHECK(megabytes(15'000, 8) == "509.5");
}
