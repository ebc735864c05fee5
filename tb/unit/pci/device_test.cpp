// Configuration space and device: decode, gating, registers sampled at their edges, status bits, faults.
#include <catch2/catch.hpp>

#include <deque>

#include "nicteam/pci/device.h"
#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"
#include "unit/pci/programmable_target.h"

using namespace nicteam;
using namespace nicteam::test;
using pci::command;

namespace {

pci::configuration_space header() {
    pci::configuration_space c;
    c.declare(0x00, 4, 0x12298086);
    c.declare(0x04, 2, 0, 0x0157);
    c.declare(0x06, 2, 0x0290, 0, 0xF900);
    c.declare(0x0C, 1, 0, 0xFF);
    c.accept_only(0x0C, {8, 16});
    c.declare(0x0D, 1, 0, 0xF8);
    c.declare_bar(0, 4096, false);
    c.declare_bar(1, 64, true);
    c.declare(0x34, 1, 0xDC);
    return c;
}

// Registers that remember when they were touched; a register that counts edges of its own.
struct core : pci::function {
    struct touch {
        bool write;
        unsigned bar;
        std::uint32_t offset;
        unsigned size;
        std::uint32_t value;
        ps at, called;
    };
    std::uint32_t read(unsigned bar, std::uint32_t offset, unsigned size, ps at) override {
        touches.push_back({false, bar, offset, size, 0, at, sim::now()});
        return 0xA0B0C0D0u + offset;
    }
    void write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) override {
        touches.push_back({true, bar, offset, size, v, at, sim::now()});
    }
    pci::answer respond(unsigned bar, std::uint32_t offset, bool write) override {
        return burst ? pci::answer{pci::devsel::medium, 0, 1, burst, pci::stop::with_data} : function::respond(bar, offset, write);
    }
    void ended(pci::transfer&, pci::transfer_result r, ps) override { results.push_back(r); }
    void reset(pci::reset_kind, ps) override {}
    std::vector<touch> touches;
    std::vector<pci::transfer_result> results;
    std::uint32_t burst = 0;
};

// A host that reads and writes one after the other, in the test's own words.
struct host : pci::initiator_user {
    explicit host(pci::bus& b) : the_bus(b), agent("host", b.clock(), *this) { b.plug(agent, 0); }
    void ended(pci::transfer&, pci::transfer_result r, ps) override { result = r; over = true; }
    std::uint32_t access(command c, std::uint64_t address, unsigned bytes, std::uint32_t v = 0) {
        for (unsigned i = 0; i < 4; ++i) data[i] = static_cast<std::uint8_t>(v >> (8 * i));
        pci::transfer t;
        t.address = address;
        t.bytes = bytes;
        t.data = data;
        t.command = c;
        over = false;
        agent.submit(t, the_bus.clock().at_or_after(sim::now()));
        for (unsigned i = 0; !over; ++i) {
            REQUIRE(i < 1000);
            sc_core::sc_start(30, sc_core::SC_NS);
        }
        sc_core::sc_start(300, sc_core::SC_NS);
        v = 0;
        for (unsigned i = 0; i < 4; ++i) v |= static_cast<std::uint32_t>(data[i]) << (8 * i);
        return v;
    }
    pci::bus& the_bus;
    pci::initiator agent;
    std::uint8_t data[64] = {};
    pci::transfer_result result{};
    bool over = false;
};

struct wires : pci::interrupt_sink {
    void drive(unsigned device, bool asserted, ps at) override { seen.emplace_back(device, asserted); }
    std::vector<std::pair<unsigned, bool>> seen;
};

struct bench {
    fresh_kernel kernel;
    pci::bus bus{"bus", {}};
    host cpu{bus};
    wires interrupts;
    pci::device card{"card", bus, 3, header(), &interrupts};
    core inside;
    programmable_target memory{"memory", {0x100000, 0x10000}};
    bench() {
        card.attach(inside);
        bus.plug(memory.agent);
        test::elaborate();
    }
    std::uint32_t configuration(unsigned reg, unsigned n = 4) { return cpu.access(command::configuration_read, 3u << 11 | reg, n); }
    void configure(unsigned reg, unsigned n, std::uint32_t v) { cpu.access(command::configuration_write, 3u << 11 | reg, n, v); }
};

}  // namespace

TEST_CASE("A base address register tells its size") {
    pci::configuration_space c = header();
    c.write(0x10, 4, ~0u);
    CHECK(c.read(0x10, 4) == 0xFFFFF000u);
    c.write(0x14, 4, ~0u);
    CHECK(c.read(0x14, 4) == 0xFFFFFFC1u);
    c.write(0x18, 4, ~0u);
    CHECK(c.read(0x18, 4) == 0);
    c.reset();
    CHECK(c.read(0x10, 4) == 0);
}

TEST_CASE("Status bits are cleared by 1 and the cache line takes only what is listed") {
    pci::configuration_space c = header();
    c.raise_status(0x3000);
    CHECK(c.read(0x06, 2) == 0x3290);
    c.write(0x06, 2, 0x1000);
    CHECK(c.read(0x06, 2) == 0x2290);
    c.write(0x06, 2, 0);
    CHECK(c.read(0x06, 2) == 0x2290);
    c.write(0x0C, 1, 8);
    CHECK(c.cache_line_bytes() == 32);
    c.write(0x0C, 1, 12);
    CHECK(c.read(0x0C, 1) == 0);
    c.write(0x00, 4, 0);
    CHECK(c.read(0x00, 4) == 0x12298086);
}

TEST_CASE("Configuration cycles reach the slot and no other") {
    bench b;
    CHECK(b.configuration(0) == 0x12298086);
    CHECK(b.configuration(0x34, 1) == 0xDC);
    CHECK((b.configuration(2, 2) & 0xFFFFu) == 0x1229);
    b.cpu.access(command::configuration_read, 4u << 11, 4);
    CHECK(b.cpu.result == pci::transfer_result::master_abort);
    b.cpu.access(command::configuration_read, 3u << 11 | 1u << 8, 4);                // function 1
    CHECK(b.cpu.result == pci::transfer_result::master_abort);
}

TEST_CASE("The command register gates memory and I/O") {
    bench b;
    b.configure(0x10, 4, 0x40000000);
    b.configure(0x14, 4, 0x3000);
    b.cpu.access(command::memory_read, 0x40000010, 4);
    CHECK(b.cpu.result == pci::transfer_result::master_abort);
    b.configure(0x04, 2, 2);
    CHECK(b.cpu.access(command::memory_read, 0x40000010, 4) == 0xA0B0C0E0u);
    CHECK(b.cpu.result == pci::transfer_result::done);
    b.cpu.access(command::io_write, 0x3004, 4, 1);
    CHECK(b.cpu.result == pci::transfer_result::master_abort);
    b.configure(0x04, 2, 3);
    b.cpu.access(command::io_write, 0x3005, 2, 0x1234);
    CHECK(b.cpu.result == pci::transfer_result::done);
    REQUIRE(b.inside.touches.size() == 2);
    const core::touch& w = b.inside.touches[1];
    CHECK(w.write);
    CHECK(w.bar == 1);
    CHECK(w.offset == 5);
    CHECK(w.size == 2);
    CHECK(w.value == 0x1234);
}

TEST_CASE("Registers are touched at the edge of their word though the tenure goes on") {
    bench b;
    b.card.registers().set(0x10, 4, 0x40000000);
    b.card.registers().set(0x04, 2, 2);
    SECTION("disconnected after one data phase") {
        b.cpu.access(command::memory_read, 0x40000000, 8);
        REQUIRE(b.inside.touches.size() == 2);
        for (const core::touch& t : b.inside.touches) CHECK(t.called == t.at);
        CHECK(b.inside.touches[1].offset == 4);
        CHECK(b.inside.touches[1].at - b.inside.touches[0].at > 4 * 30'000);          // another tenure
    }
    SECTION("a burst into the window") {
        b.inside.burst = 3;
        std::uint8_t bytes[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        pci::transfer t;
        t.address = 0x40000001;
        t.bytes = 13;
        t.data = bytes;
        t.command = command::memory_write;
        b.cpu.agent.submit(t, 0);
        sc_core::sc_start(3, sc_core::SC_US);
        REQUIRE(b.inside.touches.size() == 4);
        for (const core::touch& x : b.inside.touches) CHECK(x.called == x.at);
        CHECK(b.inside.touches[0].size == 3);
        CHECK(b.inside.touches[0].value == 0x030201u);
        CHECK(b.inside.touches[1].offset == 4);
        CHECK(b.inside.touches[1].value == 0x07060504u);
        CHECK(b.inside.touches[1].at - b.inside.touches[0].at == 2 * 30'000);
        CHECK(b.inside.touches[3].size == 2);
        CHECK(b.inside.touches[3].value == 0x0D0Cu);
    }
    SECTION("never beyond the window") {
        b.inside.burst = 1000;
        b.cpu.access(command::memory_read, 0x40000FFC, 8);
        CHECK(b.inside.touches.size() == 1);
        CHECK(b.cpu.result == pci::transfer_result::master_abort);                    // what is left is nobody's
    }
}

TEST_CASE("A transfer waits for the bus master bit") {
    bench b;
    std::uint8_t data[8] = {};
    pci::transfer t;
    t.address = 0x100000;
    t.bytes = 8;
    t.data = data;
    t.command = command::memory_write;
    b.card.start(t, 0);
    sc_core::sc_start(3, sc_core::SC_US);
    CHECK(b.inside.results.empty());
    b.configure(0x0D, 1, 0x43);
    CHECK(b.bus.latency_timer(4) == 0x40);                                            // slot 3: pair 4
    b.configure(0x04, 2, 4);
    sc_core::sc_start(3, sc_core::SC_US);
    REQUIRE(b.inside.results.size() == 1);
    CHECK(b.inside.results[0] == pci::transfer_result::done);
}

TEST_CASE("Aborts that a device meets as master stand in its status register") {
    bench b;
    b.card.registers().set(0x04, 2, 4);
    std::uint8_t data[8] = {};
    pci::transfer t;
    t.address = 0x900000;
    t.bytes = 8;
    t.data = data;
    b.card.start(t, 0);
    sc_core::sc_start(3, sc_core::SC_US);
    CHECK(b.inside.results.back() == pci::transfer_result::master_abort);
    CHECK(b.configuration(0x06, 2) == 0x2290);
    b.memory.program.pattern = "a";
    t.address = 0x100000;
    b.card.start(t, b.bus.clock().at_or_after(sim::now()));
    sc_core::sc_start(3, sc_core::SC_US);
    CHECK(b.inside.results.back() == pci::transfer_result::target_abort);
    CHECK(b.configuration(0x06, 2) == 0x3290);
}

TEST_CASE("Faults of a device as target") {
    bench b;
    const auto fault = [&](const char* name, bool on) {
        for (const sim::fault_port& f : b.kernel.session().faults()) {
            if (f.path == "card" && f.info->name == std::string(name)) return f.act(on, 0, sim::now());
        }
        FAIL("no fault " << name);
    };
    fault("target_abort", true);
    b.configuration(0);
    CHECK(b.cpu.result == pci::transfer_result::target_abort);
    fault("target_abort", false);
    CHECK((b.configuration(4) >> 16) == 0x0A90);                                      // signaled target abort
    fault("master_abort", true);
    b.configuration(0);
    CHECK(b.cpu.result == pci::transfer_result::master_abort);
    fault("master_abort", false);
    fault("endless_retry", true);
    fault("endless_retry", true);                                                     // another one that ends first
    pci::transfer t;
    t.address = 3u << 11;
    t.data = b.cpu.data;
    t.bytes = 4;
    t.command = command::configuration_read;
    b.cpu.agent.submit(t, b.bus.clock().at_or_after(sim::now()));
    sc_core::sc_start(3, sc_core::SC_US);
    fault("endless_retry", false);
    sc_core::sc_start(3, sc_core::SC_US);
    CHECK(t.retries > 20);
    CHECK(t.done == 0);
    fault("endless_retry", false);
    sc_core::sc_start(3, sc_core::SC_US);
    CHECK(t.done == 4);
}

TEST_CASE("Interrupts carry the slot") {
    bench b;
    b.card.interrupt(true, 0);
    b.card.interrupt(false, 0);
    CHECK(b.interrupts.seen == std::vector<std::pair<unsigned, bool>>{{3, true}, {3, false}});
    CHECK(b.card.bus_path() == "bus");
}
