// A device that comes and goes, and RST#: what the bus sees of it.
#include <catch2/catch.hpp>

#include "nicteam/pci/device.h"
#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"
#include "unit/pci/programmable_target.h"

using namespace nicteam;
using namespace nicteam::test;
using pci::command;

namespace {

constexpr ps tick = 30'000;

pci::configuration_space header() {
    pci::configuration_space c;
    c.declare(0x00, 4, 0x12298086);
    c.declare(0x04, 2, 0, 0x0157);
    c.declare(0x0D, 1, 0, 0xFF);
    c.declare_bar(0, 4096, false);
    return c;
}

struct core : pci::function {
    std::uint32_t read(unsigned, std::uint32_t offset, unsigned, ps) override { return 0x1111'1111u * (1 + offset / 4); }
    void write(unsigned, std::uint32_t offset, unsigned, std::uint32_t, ps) override { written.push_back(offset); }
    pci::answer respond(unsigned, std::uint32_t, bool) override { return {pci::devsel::medium, 0, 1, 8, pci::stop::with_data}; }
    void ended(pci::transfer&, pci::transfer_result, ps) override { ++over; }
    void reset(pci::reset_kind k, ps at) override {
        resets.push_back(k);
        if (box) box->abandon(at);
    }
    std::vector<std::uint32_t> written;
    std::vector<pci::reset_kind> resets;
    unsigned over = 0;
    pci::device* box = nullptr;
};

struct host : pci::initiator_user {
    explicit host(pci::bus& b) : the_bus(b), agent("host", b.clock(), *this) { b.plug(agent, 0); }
    void ended(pci::transfer&, pci::transfer_result r, ps) override { result = r, over = true; }
    void start(command c, std::uint64_t address, unsigned bytes) {
        data.assign(bytes, 0x5A);
        t = {};
        t.address = address;
        t.bytes = bytes;
        t.data = data.data();
        t.command = c;
        over = false;
        agent.submit(t, the_bus.clock().at_or_after(sim::now()));
    }
    pci::bus& the_bus;
    pci::initiator agent;
    pci::transfer t;
    std::vector<std::uint8_t> data;
    pci::transfer_result result{};
    bool over = false;
};

void pass(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }

struct bench {
    fresh_kernel kernel;
    pci::bus bus{"bus", {}};
    host cpu{bus};
    pci::device card{"card", bus, 3, header()};
    core inside;
    programmable_target memory{"memory", {0, 0x10000}};
    explicit bench(bool there = true) {
        inside.box = &card;
        card.attach(inside);
        bus.plug(memory.agent);
        if (!there) card.leave_out();
        test::elaborate();
        set_up();
    }
    void set_up() {
        card.registers().write(0x10, 4, 0x8000'0000);
        card.registers().write(0x04, 2, 6);
    }
    void access(command c, std::uint64_t address, unsigned bytes) {
        cpu.start(c, address, bytes);
        for (unsigned n = 0; !cpu.over; ++n) {
            REQUIRE(n < 1000);
            pass(tick);
        }
    }
};

}  // namespace

TEST_CASE("An empty slot aborts every master and what is put in has been powered up") {
    bench b(false);
    CHECK(!b.card.present());
    b.access(command::configuration_read, 3u << 11, 4);
    CHECK(b.cpu.result == pci::transfer_result::master_abort);
    b.card.set_present(true, sim::now());
    CHECK(b.inside.resets == std::vector<pci::reset_kind>{pci::reset_kind::power_up});
    CHECK(b.card.registers().read(0x10, 4) == 0);
    b.access(command::configuration_read, 3u << 11, 4);
    CHECK(b.cpu.result == pci::transfer_result::done);
    b.access(command::memory_read, 0x8000'0000, 4);
    CHECK(b.cpu.result == pci::transfer_result::master_abort);          // nobody has set it up
}

TEST_CASE("What is put into a slot that somebody looks after claims nothing until it is connected") {
    struct : pci::presence_user {
        unsigned changes = 0;
        void presence_changed(ps) override { ++changes; }
    } controller;
    bench b;
    b.card.on_presence(controller);
    const auto answers = [&] {
        b.access(command::configuration_read, 3u << 11, 4);
        return b.cpu.result == pci::transfer_result::done;
    };
    CHECK(answers());                                                   // there from the start
    b.card.set_present(false, sim::now());
    b.card.connect(sim::now());
    CHECK(!answers());                                                  // nobody is there
    b.card.set_present(true, sim::now());
    CHECK(controller.changes == 2);
    CHECK(!answers());
    b.card.connect(sim::now());
    CHECK(answers());
    b.card.set_present(false, sim::now());
    b.card.set_present(true, sim::now());
    CHECK(!answers());                                                  // another one
}

TEST_CASE("What is taken out claims nothing and its registers are gone") {
    bench b;
    b.access(command::memory_read, 0x8000'0000, 4);
    CHECK(b.cpu.result == pci::transfer_result::done);
    b.card.set_present(false, sim::now());
    CHECK(b.inside.resets == std::vector<pci::reset_kind>{pci::reset_kind::power_down});
    b.access(command::memory_read, 0x8000'0000, 4);
    CHECK(b.cpu.result == pci::transfer_result::master_abort);
    b.access(command::memory_write, 0x8000'0000, 4);
    CHECK(b.cpu.result == pci::transfer_result::master_abort);
    CHECK(b.inside.written.empty());
}

TEST_CASE("Words of a read that pass after the device is gone are all ones") {
    bench b;
    b.cpu.start(command::memory_read, 0x8000'0000, 32);
    while (!b.cpu.t.under_way) pass(tick);
    const pci::pci_extension& e = pci::extension_of(*b.cpu.t.under_way);
    pass(e.data.when(2) + 1 - sim::now());                              // three words have passed
    b.card.set_present(false, sim::now());
    pass(20 * tick);
    REQUIRE(b.cpu.over);
    CHECK(b.cpu.data[0] == 0x11);
    CHECK(b.cpu.data[8] == 0x33);
    for (unsigned n = 12; n < 32; ++n) CHECK(b.cpu.data[n] == 0xFF);
}

TEST_CASE("Words of a write that pass after the device is gone are lost") {
    bench b;
    b.cpu.start(command::memory_write, 0x8000'0000, 32);
    while (!b.cpu.t.under_way) pass(tick);
    pass(pci::extension_of(*b.cpu.t.under_way).data.when(1) + 1 - sim::now());
    b.card.set_present(false, sim::now());
    pass(20 * tick);
    CHECK(b.cpu.over);
    CHECK(b.inside.written == std::vector<std::uint32_t>{0, 4});
}

TEST_CASE("A master that is taken out in its tenure stops at its next word and never hears of it") {
    bench b;
    std::vector<std::uint8_t> data(256, 1);
    pci::transfer t;
    t.address = 0x100;
    t.bytes = 256;
    t.data = data.data();
    t.command = command::memory_write;
    b.card.start(t, b.bus.clock().at_or_after(sim::now()));
    while (!t.under_way) pass(tick);
    struct watch : pci::tenure_observer {
        void tenure(const pci::payload&, const pci::pci_extension& e) override { done.push_back(e.done); }
        std::vector<std::uint32_t> done;
    } seen;
    b.bus.observe(seen);
    pass(10 * tick);
    b.card.set_present(false, sim::now());
    pass(200 * tick);
    REQUIRE(seen.done.size() == 1);
    CHECK(seen.done[0] < 16);
    CHECK(b.inside.over == 0);
}

TEST_CASE("A slot's faults overlap as faults do") {
    bench b;
    const auto fault = [&](const char* name, bool begin) {
        for (sim::fault_port& f : b.kernel.session().faults())
            if (f.path == "card" && f.info->name == std::string(name)) f.act(begin, 0, sim::now());
    };
    fault("removed", true);
    CHECK(!b.card.present());
    pass(tick);
    fault("removed", true);
    fault("removed", false);
    CHECK(!b.card.present());
    fault("removed", false);
    CHECK(b.card.present());
    fault("inserted", true);                      // it is there already
    fault("inserted", false);
    CHECK(b.card.present());
}

TEST_CASE("RST# resets devices and nobody claims while it is low") {
    bench b;
    pass(tick);
    b.bus.rst().drive(true, sim::now());
    CHECK(b.inside.resets == std::vector<pci::reset_kind>{pci::reset_kind::bus});
    CHECK(b.card.registers().read(0x10, 4) == 0);
    b.access(command::configuration_read, 3u << 11, 4);
    CHECK(b.cpu.result == pci::transfer_result::master_abort);
    b.bus.rst().drive(false, sim::now());
    b.access(command::configuration_read, 3u << 11, 4);
    CHECK(b.cpu.result == pci::transfer_result::done);
    b.bus.rst().drive(false, sim::now());
    CHECK(b.inside.resets.size() == 2);           // it began anew
}
