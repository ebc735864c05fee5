// Devices that are no NIC: the copying DMA master and the background load.
#include <catch2/catch.hpp>

#include <cstring>

#include "nicteam/pci/background_master.h"
#include "nicteam/pci/copy_engine.h"
#include "nicteam/pci/from_base_protocol.h"
#include "nicteam/pci/to_base_protocol.h"
#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"
#include "unit/pci/programmable_target.h"

using namespace nicteam;
using pci::copy_engine;

namespace {

struct ram : pci::target_user {
    explicit ram(pci::bus& b) : agent("ram", *this) { b.plug(agent); }
    bool claims(pci::command c, std::uint64_t a) const override { return pci::is_memory(c) && a < sizeof bytes; }
    pci::answer decode(pci::access&) override { return {}; }
    void ended(pci::access& a, ps) override {
        const std::uint32_t n = a.bytes_in(a.bus->done);
        if (a.write()) std::memcpy(bytes + a.address, a.data, n);
        else std::memcpy(a.data, bytes + a.address, n);
    }
    pci::target agent;
    std::uint8_t bytes[8192] = {};
};

struct wires : pci::interrupt_sink {
    void drive(unsigned device, bool asserted, ps at) override { level = asserted; ++changes; }
    bool level = false;
    unsigned changes = 0;
};

struct host : pci::initiator_user {
    explicit host(pci::bus& b) : the_bus(b), agent("host", b.clock(), *this) { b.plug(agent, 0); }
    void ended(pci::transfer&, pci::transfer_result, ps) override { over = true; }
    std::uint32_t access(pci::command c, std::uint64_t address, std::uint32_t v = 0) {
        std::memcpy(data, &v, 4);
        pci::transfer t;
        t.address = address;
        t.bytes = 4;
        t.data = data;
        t.command = c;
        over = false;
        agent.submit(t, the_bus.clock().at_or_after(sim::now()));
        for (unsigned i = 0; !over; ++i) {
            REQUIRE(i < 1000);
            sc_core::sc_start(30, sc_core::SC_NS);
        }
        std::memcpy(&v, data, 4);
        return v;
    }
    pci::bus& the_bus;
    pci::initiator agent;
    std::uint8_t data[4] = {};
    bool over = false;
};

}  // namespace

TEST_CASE("The copy engine copies and interrupts") {
    test::fresh_kernel kernel;
    pci::bus bus("bus", {});
    host cpu(bus);
    ram memory(bus);
    wires interrupts;
    copy_engine engine("engine", {}, bus, 2, &interrupts);
    const std::uint32_t base = 0x80000000;
    engine.registers().write(0x10, 4, base);
    engine.registers().write(0x04, 2, 6);
    test::elaborate();
    for (unsigned i = 0; i < 1000; ++i) memory.bytes[0x101 + i] = static_cast<std::uint8_t>(7 * i);
    const auto set = [&](std::uint32_t reg, std::uint32_t v) { cpu.access(pci::command::memory_write, base + reg, v); };
    const auto status = [&] { return cpu.access(pci::command::memory_read, base + copy_engine::status); };

    set(copy_engine::source, 0x101);
    set(copy_engine::destination, 0x1002);
    set(copy_engine::length, 1000);
    CHECK(cpu.access(pci::command::memory_read, base + copy_engine::length) == 1000);
    set(copy_engine::go, 1);
    sc_core::sc_start(100, sc_core::SC_US);
    CHECK(std::memcmp(memory.bytes + 0x101, memory.bytes + 0x1002, 1000) == 0);
    CHECK(memory.bytes[0x1001] == 0);
    CHECK(memory.bytes[0x1002 + 1000] == 0);
    CHECK(interrupts.level);
    CHECK(status() == 2);
    set(copy_engine::status, 2);
    CHECK_FALSE(interrupts.level);
    CHECK(status() == 0);

    set(copy_engine::length, 5000);                      // more than its buffer
    set(copy_engine::go, 1);
    CHECK(status() == 8);
    CHECK(interrupts.level);
    set(copy_engine::status, 8);
    set(copy_engine::length, 16);
    set(copy_engine::destination, 0x10000);              // nobody there
    set(copy_engine::go, 1);
    sc_core::sc_start(10, sc_core::SC_US);
    CHECK(status() == 4);
    CHECK(interrupts.changes == 5);
}

namespace {
struct load_result {
    std::uint64_t bursts, octets, lost;
};
load_result load(pci::background_master_config c, ps until, bool enable = true, std::uint64_t seed = 1) {
    test::fresh_kernel kernel(seed);
    pci::bus bus("bus", {});
    ram memory(bus);
    pci::background_master disk("disk", c, bus, 5);
    if (enable) disk.registers().write(0x04, 2, 4);
    sc_core::sc_start(sim::to_sc_time(until));
    load_result r{};
    for (const sim::bound_metric& m : kernel.session().metrics()) {
        if (m.path == "disk.bursts") r.bursts = m.as_counter->value();
        if (m.path == "disk.octets") r.octets = m.as_counter->value();
        if (m.path == "disk.lost") r.lost = m.as_counter->value();
    }
    return r;
}
}  // namespace

TEST_CASE("A background master makes the load that it is told to make") {
    pci::background_master_config c;
    c.window_size = 8192;
    c.arrive = pci::arrivals::regular;
    c.kind = pci::load_kind::video;
    const load_result r = load(c, 100 * c.interval + c.interval / 2);
    CHECK(r.bursts == 100);
    CHECK(r.octets == 51'200);
    CHECK(r.lost == 0);
    c.arrive = pci::arrivals::random;
    const load_result s = load(c, 2000 * c.interval);
    CHECK(s.bursts > 1850);
    CHECK(s.bursts < 2150);
    CHECK(load(c, 200 * c.interval, true, 2).bursts != load(c, 200 * c.interval, true, 3).bursts);
}

TEST_CASE("A background master without its bus master bit only loses bursts") {
    pci::background_master_config c;
    c.window_size = 8192;
    c.arrive = pci::arrivals::regular;
    const load_result r = load(c, 100 * c.interval + c.interval / 2, false);
    CHECK(r.bursts == 0);
    CHECK(r.lost == 100 - 17);                           // one at the door, 16 behind it
}
