// Buses behind PCI-to-PCI bridges as firmware sets them up and CPUs see them.
#include <catch2/catch.hpp>

#include "unit/host/computer.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

// pci0 with a device in slot 1 and riser in slot 2; behind riser pci2 with a device in slot 3 and deep in slot 6; behind deep pci3
// with a device in slot 4; pci1 is a root of its own.
host::host_config tree() {
    host::host_config c;
    c.buses = {{"pci0", {}, {}}, {"pci1", {}, {}}, {"pci2", {}, {}}, {"pci3", {}, {}}};
    c.buses[2].behind = host::host_config::pci_bridge_part{"riser", 0, 2, {}};
    c.buses[3].behind = host::host_config::pci_bridge_part{"deep", 2, 6, {}};
    return c;
}

struct forest {
    explicit forest(const host::host_config& c = tree()) : host("server", c) {
        const std::pair<unsigned, unsigned> places[] = {{0, 1}, {1, 1}, {2, 3}, {3, 4}};
        for (const auto& [bus, slot] : places) {
            functions.push_back(std::make_unique<registers>());
            const std::string name = "device" + std::to_string(bus);
            devices.push_back(std::make_unique<pci::device>(name.c_str(), host.bus(bus), static_cast<int>(slot), header(), &host.interrupt_sink(bus)));
            devices.back()->attach(*functions.back());
            host.install(*devices.back(), bus, slot);
        }
    }
    host::host host;
    std::vector<std::unique_ptr<registers>> functions;
    std::vector<std::unique_ptr<pci::device>> devices;
};

}  // namespace

TEST_CASE("Firmware numbers buses depth first and opens each bridge for what is behind it", "[host]") {
    test::fresh_kernel k;
    forest s;
    std::uint32_t riser = 0, deep = 0, riser_io = 0, riser_memory = 0, deep_memory = 0, riser_ahead = 0, device = 0, bar = 0, header_type = 0;
    s.host.cpu().post(0, [&](host::cpu& c) {
        riser = c.read_configuration(0 << 5 | 2, 0x18, 4);
        riser_io = c.read_configuration(0 << 5 | 2, 0x1C, 2);
        riser_memory = c.read_configuration(0 << 5 | 2, 0x20, 4);
        riser_ahead = c.read_configuration(0 << 5 | 2, 0x24, 4);
        header_type = c.read_configuration(0 << 5 | 2, 0x0E, 1);
        deep = c.read_configuration(1 << 5 | 6, 0x18, 4);
        deep_memory = c.read_configuration(1 << 5 | 6, 0x20, 4);
        device = c.read_configuration(2 << 5 | 4, 0x00, 2);
        bar = c.read_configuration(2 << 5 | 4, 0x10, 4);
    });
    simulate(100 * microsecond);
    CHECK(s.host.bus_number(0) == 0);
    CHECK(s.host.bus_number(2) == 1);
    CHECK(s.host.bus_number(3) == 2);
    CHECK(s.host.bus_number(1) == 3);
    CHECK(header_type == 1);
    CHECK(riser == 0x40020100);                   // primary 0, secondary 1, subordinate 2, latency timer 64
    CHECK(deep == 0x40020201);
    CHECK(riser_memory == 0xC020C010);            // from 1 MiB up: its own device, then the bridge behind
    CHECK(deep_memory == 0xC020C020);
    CHECK(riser_io == 0x3020);                    // 4 KiB each
    CHECK((riser_ahead >> 16) < (riser_ahead & 0xFFFF));                // closed
    CHECK(device == 0x8086);
    CHECK(bar == 0xC0200000);
}

TEST_CASE("Prefetchable memory has a window of its own if firmware is told so", "[host]") {
    test::fresh_kernel k;
    host::host_config c = tree();
    c.firmware.prefetchable_windows = true;
    c.firmware.short_discard = false;
    forest s(c);
    s.devices[2]->registers().declare_bar(2, 0x1000, false, true);
    std::uint32_t ahead = 0, bar = 0, control = 1;
    s.host.cpu().post(0, [&](host::cpu& p) {
        ahead = p.read_configuration(0 << 5 | 2, 0x24, 4);
        bar = p.read_configuration(1 << 5 | 3, 0x18, 4);
        control = p.read_configuration(0 << 5 | 2, 0x3E, 2);
    });
    simulate(100 * microsecond);
    CHECK(ahead == 0xC030C030);
    CHECK(bar == 0xC0300008);
    CHECK(control == 0);
}

TEST_CASE("CPUs reach registers behind two bridges and devices there reach memory", "[host]") {
    test::fresh_kernel k;
    forest s;
    std::uint32_t v = 0, io = 0, nobody = 0;
    s.host.cpu().post(0, [&](host::cpu& c) {
        const std::uint32_t bar = c.read_configuration(2 << 5 | 4, 0x10, 4), port = c.read_configuration(2 << 5 | 4, 0x14, 4) & ~3u;
        c.write(bar + 8, 4, 0x1234);
        v = c.read(bar + 0x20, 4);
        c.write_io(port + 4, 4, 7);
        io = c.read_io(port + 8, 4);
        nobody = c.read_configuration(2 << 5 | 9, 0, 4);
    });
    simulate(200 * microsecond);
    CHECK(v == 0xCAFE0020);
    CHECK(io == 0xCAFE0008);
    CHECK(nobody == 0xFFFFFFFF);
    REQUIRE(s.functions[3]->log.size() == 4);
    CHECK(s.functions[3]->log[0].offset == (0x1234u << 16) + 8);

    std::uint8_t data[256];
    for (unsigned i = 0; i < sizeof data; ++i) data[i] = static_cast<std::uint8_t>(i);
    pci::transfer t;
    t.address = 0x8003;
    t.bytes = sizeof data;
    t.data = data;
    t.command = pci::command::memory_write;
    s.devices[3]->start(t, s.devices[3]->clock().at_or_after(sim::now()));
    simulate(100 * microsecond);
    CHECK(s.functions[3]->result == pci::transfer_result::done);
    CHECK(s.host.ram().read32(0x8003 + 100, sim::now()) == 0x67666564);
}

TEST_CASE("Each bridge turns the interrupt lines by its slot", "[host]") {
    test::fresh_kernel k;
    forest s;
    const auto line_of = [&](unsigned bus, unsigned slot) { return s.host.interrupts().line_of(s.host.place_of(bus, slot).bus, slot); };      // as drivers ask
    CHECK(line_of(0, 1) == 1);
    CHECK(line_of(1, 1) == 1);
    CHECK(line_of(2, 3) == (3 + 2) % 4);
    CHECK(line_of(3, 4) == (4 + 6 + 2) % 4);
    simulate(microsecond);
    s.devices[3]->interrupt(true, sim::now());
    simulate(microsecond);
    CHECK(s.host.interrupts().asserted(0));
    std::uint32_t line = 9;
    s.host.cpu().post(sim::now(), [&](host::cpu& c) { line = c.read_configuration(2 << 5 | 4, 0x3C, 1); });
    simulate(20 * microsecond);
    CHECK(line == 0);
}

TEST_CASE("Buses behind each other are refused", "[host]") {
    test::fresh_kernel k;
    host::host_config c = tree();
    c.buses[0].behind = host::host_config::pci_bridge_part{"loop", 3, 1, {}};
    CHECK_THROWS_AS(host::host("server", c), std::invalid_argument);
}
