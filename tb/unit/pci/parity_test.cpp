// Wrong parity: who says PERR# and SERR#, which status bits come of it, and what arrives.
#include <catch2/catch.hpp>

#include "nicteam/pci/device.h"
#include "nicteam/pci/parity.h"
#include "nicteam/sim/session.h"
#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using pci::command;

namespace {

constexpr unsigned response = 0x40, serr = 0x100;
constexpr unsigned detected = 0x8000, signalled = 0x4000, master_error = 0x0100;

pci::configuration_space header() {
    pci::configuration_space c;
    c.declare(0x04, 2, 0x0006, 0x0146);
    c.declare(0x06, 2, 0x0280, 0, 0xF900);
    c.declare_bar(0, 4096, false);
    return c;
}

struct core : pci::function {
    std::uint32_t read(unsigned, std::uint32_t offset, unsigned, ps) override { return 0x11110000u + offset; }
    void write(unsigned, std::uint32_t, unsigned, std::uint32_t v, ps) override { written.push_back(v); }
    void ended(pci::transfer&, pci::transfer_result, ps) override {}
    void reset(pci::reset_kind, ps) override {}
    std::vector<std::uint32_t> written;
};

struct host : pci::initiator_user {
    explicit host(pci::bus& b) : agent("host", b.clock(), *this) { b.plug(agent, 0); }
    void ended(pci::transfer&, pci::transfer_result, ps) override {}
    bool parity_error(const pci::transfer*, std::uint32_t) override { return ++bad, true; }
    void perr_seen(const pci::transfer*, std::uint32_t) override { ++perrs; }
    pci::initiator agent;
    unsigned bad = 0, perrs = 0;
};

struct ram : pci::target_user {
    explicit ram(pci::bus& b) : agent("ram", *this) { b.plug(agent); }
    bool claims(command c, std::uint64_t a) const override { return pci::is_memory(c) && a < sizeof data; }
    pci::answer decode(pci::access&) override { return {}; }
    void ended(pci::access& a, ps) override {
        for (std::uint32_t i = 0; i < a.bytes_in(a.bus->done); ++i)
            (a.write() ? data[a.address + i] : a.data[i]) = a.write() ? a.data[i] : data[a.address + i];
    }
    bool parity_error(const pci::access&, std::uint32_t) override { return ++bad, reports; }
    pci::target agent;
    std::uint8_t data[256] = {};
    unsigned bad = 0;
    bool reports = true;
};

// A host, a memory, a card in slot 2 with its window at 0x40000000, and another in slot 5 that only looks on.
struct bench {
    test::fresh_kernel kernel;
    pci::bus bus;
    host cpu{bus};
    ram memory{bus};
    pci::device card{"card", bus, 2, header()}, other{"other", bus, 5, header()};
    core inside, outside;
    unsigned serrs = 0, perrs = 0;
    pci::transfer t;

    explicit bench(pci::bus_config c = {}) : bus("bus", c) {
        card.attach(inside);
        other.attach(outside);
        card.registers().write(0x10, 4, 0x40000000);
        other.registers().write(0x10, 4, 0x50000000);
        bus.on_error([this](bool s, ps) { ++(s ? serrs : perrs); });
        test::elaborate();
    }
    void fault(const char* name, std::int64_t every) {
        for (sim::fault_port& f : kernel.session().faults())
            if (std::string(f.info->name) == name && f.path == "bus") f.act(true, every, sim::now());
        sc_core::sc_start(60, sc_core::SC_NS);
    }
    pci::transfer& prepare(command c, std::uint64_t address, std::uint8_t* data, std::uint32_t bytes) {
        t = pci::transfer{};
        t.command = c;
        t.address = address;
        t.data = data;
        t.bytes = bytes;
        return t;
    }
    void access(command c, std::uint64_t address, std::uint8_t* data, std::uint32_t bytes) {
        cpu.agent.submit(prepare(c, address, data, bytes), bus.clock().at_or_after(sim::now()));
        sc_core::sc_start(10, sc_core::SC_US);
    }
    void dma(command c, std::uint64_t address, std::uint8_t* data, std::uint32_t bytes) {
        card.start(prepare(c, address, data, bytes), bus.clock().at_or_after(sim::now()));
        sc_core::sc_start(10, sc_core::SC_US);
    }
    static unsigned status(pci::device& d) { return d.registers().read(0x06, 2) & 0xFF00u; }
    static void enable(pci::device& d, unsigned bits) { d.registers().write(0x04, 2, 0x0006 | bits); }
};

}  // namespace

TEST_CASE("A target that is written wrong parity sets status bit 15 and with command bit 6 asserts PERR#") {
    for (const unsigned bits : {0u, response}) {
        bench b;
        bench::enable(b.card, bits);
        b.fault("data_parity", 1);
        std::uint8_t d[4] = {1, 2, 3, 4};
        b.access(command::memory_write, 0x40000010, d, 4);
        CHECK(bench::status(b.card) == (0x0200u | detected));
        CHECK(bench::status(b.other) == 0x0200);
        CHECK(b.cpu.perrs == (bits ? 1 : 0));
        CHECK(b.perrs == (bits ? 1 : 0));
        CHECK(b.inside.written == std::vector<std::uint32_t>{0x04030201});          // used as it is
    }
}

TEST_CASE("A master that reads wrong parity sets bits 15 and with command bit 6 bit 8") {
    for (const unsigned bits : {0u, response}) {
        bench b;
        bench::enable(b.card, bits);
        b.fault("data_parity", 2);
        std::uint8_t d[16] = {};
        b.memory.data[5] = 77;
        b.dma(command::memory_read, 0, d, 16);
        CHECK(bench::status(b.card) == (0x0200u | detected | (bits ? master_error : 0)));
        CHECK(b.perrs == (bits ? 2 : 0));                                           // words 2 and 4
        CHECK(d[5] == 77);
    }
}

TEST_CASE("A master sees PERR# of what it wrote only with command bit 6 and only if the target asserts it") {
    for (const unsigned bits : {0u, response})
        for (const bool reports : {false, true}) {
            bench b;
            bench::enable(b.card, bits);
            b.memory.reports = reports;
            b.fault("data_parity", 3);
            std::uint8_t d[16] = {9, 8, 7};
            b.dma(command::memory_write, 0, d, 16);
            CHECK(bench::status(b.card) == (0x0200u | (bits && reports ? master_error : 0)));
            CHECK(b.memory.bad == 1);
            CHECK(b.memory.data[0] == 9);
        }
}

TEST_CASE("Address parity makes SERR# of every other target with command bits 6 and 8") {
    for (const unsigned bits : {0u, response, serr, response | serr}) {
        bench b;
        bench::enable(b.card, bits);
        bench::enable(b.other, bits);
        b.fault("address_parity", 1);
        std::uint8_t d[4] = {};
        b.dma(command::memory_read, 0, d, 4);
        const bool says = bits == (response | serr);
        CHECK(bench::status(b.card) == 0x0200);                                     // its own address phase
        CHECK(bench::status(b.other) == (0x0200u | detected | (says ? signalled : 0)));
        CHECK(b.serrs == (says ? 1 : 0));
        CHECK(b.t.done == 4);
    }
}

TEST_CASE("A wrong bit arrives wrong and the master's own bytes stay") {
    bench b;
    bench::enable(b.card, response);
    b.fault("data_bit", 2);
    std::uint8_t d[12] = {10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33};
    b.dma(command::memory_write, 0x20, d, 12);
    CHECK(b.memory.data[0x20] == 10);
    CHECK(b.memory.data[0x24] == 21);                                               // 20 with AD[0] inverted
    CHECK(b.memory.data[0x28] == 30);
    CHECK(d[4] == 20);
    CHECK(bench::status(b.card) == (0x0200u | master_error));
    b.dma(command::memory_read, 0x20, d, 4);                                        // the fourth word
    CHECK(d[0] == 11);
    CHECK(b.memory.data[0x20] == 10);
    CHECK(bench::status(b.card) == (0x0200u | master_error | detected));
}

TEST_CASE("An odd first dword of a 64-bit request stands on both halves and a wrong bit on one of them is none") {
    for (const bool wide : {false, true})
        for (const std::uint64_t address : {0x20u, 0x24u}) {
            CAPTURE(wide, address);
            pci::bus_config c;
            c.width = 1;
            bench b(c);
            b.card.set_wide(wide);                                                      // the memory is narrow: no ACK64#
            b.fault("data_bit", 1);
            std::uint8_t d[32] = {};
            b.dma(command::memory_write, address, d, sizeof d);
            const unsigned first = wide && address == 0x24 ? 0 : 1;
            CHECK(b.memory.data[address] == first);
            CHECK(b.memory.data[address + 4] == 1);
            CHECK(b.memory.data[address + 28] == 1);
            CHECK(b.memory.bad == (first ? 8 : 7));
        }
}

TEST_CASE("Both data faults at one word leave its parity right") {
    bench b;
    b.fault("data_bit", 1);
    b.fault("data_parity", 1);
    std::uint8_t d[8] = {4, 5, 6, 7};
    b.dma(command::memory_write, 0, d, 8);
    CHECK(b.memory.bad == 0);
    CHECK(b.memory.data[0] == 4);
}

TEST_CASE("Status bits of parity are cleared by 1") {
    bench b;
    bench::enable(b.card, response);
    b.fault("data_parity", 1);
    std::uint8_t d[4] = {};
    b.dma(command::memory_read, 0, d, 4);
    CHECK(bench::status(b.card) == (0x0200u | detected | master_error));
    b.card.registers().write(0x06, 2, detected);
    CHECK(bench::status(b.card) == (0x0200u | master_error));
}
