// The host bridge between CPU, bus and memory.
#include <catch2/catch.hpp>

#include "unit/host/computer.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("Firmware gives windows and a driver finds them by configuration cycles", "[host]") {
    test::fresh_kernel k;
    computer s;
    std::uint32_t vendor = 0, bar0 = 0, bar1 = 0, timer = 0, nobody = 0;
    s.host.cpu().post(0, [&](host::cpu& c) {
        vendor = c.read_configuration(1, 0x00, 2);
        bar0 = c.read_configuration(1, 0x10, 4);
        bar1 = c.read_configuration(1, 0x14, 4);
        timer = c.read_configuration(1, 0x0D, 1);
        nobody = c.read_configuration(5, 0x00, 2);
    });
    simulate(20 * microsecond);
    CHECK(vendor == 0x8086);
    CHECK((bar0 & ~15u) == host::memory_window(0));
    CHECK((bar1 & ~3u) == host::io_window(0));
    CHECK(timer == 64);
    CHECK(nobody == 0xFFFF);
}

TEST_CASE("Reads push posted writes and everything keeps its order", "[host]") {
    test::fresh_kernel k;
    computer s;
    std::uint32_t v = 0;
    ps before = 0, after = 0;
    s.host.cpu().post(microsecond, [&](host::cpu& c) {
        for (unsigned n = 1; n <= 3; ++n) c.write(host::memory_window(0) + 4 * n, 4, n);
        before = c.now();
        v = c.read(host::memory_window(0) + 0x20, 4);
        after = c.now();
    });
    simulate(20 * microsecond);
    CHECK(v == 0xCAFE0020u);
    REQUIRE(s.function.log.size() == 4);
    for (unsigned n = 0; n < 3; ++n) {
        CHECK(s.function.log[n].what == 'w');
        CHECK(s.function.log[n].offset == ((n + 1) << 16 | 4 * (n + 1)));
    }
    const auto& read = s.function.log[3];
    CHECK(read.what == 'r');
    CHECK(before == microsecond + 100 * 2'000);   // dispatch; posted writes cost no wait
    CHECK(after == (read.at + 2 * tick + 1'999) / 2'000 * 2'000);
    // Four accesses back to back, each a one-word tenure of 4 clocks to a medium target, and REQ# high for a clock (docs/bus.md).
    for (unsigned n = 1; n < 4; ++n) CHECK(s.function.log[n].at - s.function.log[n - 1].at >= 4 * tick);
}

TEST_CASE("A DMA write is seen by the CPU after the bridge's delay and at once behind a read through the bridge", "[host]") {
    test::fresh_kernel k;
    host::host_config c;
    c.buses[0].bridge.write_delay = 60;
    computer s(c);
    std::uint8_t data[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    pci::transfer t;
    t.address = 0x8000;
    t.bytes = 8;
    t.data = data;
    t.command = pci::command::memory_write;
    std::uint32_t early = 1, pushed = 0;
    ps done = 0;
    s.host.cpu().post(microsecond, [&](host::cpu& c) {
        s.device.start(t, s.device.clock().at_or_after(sim::now() + tick));
        s.host.cpu().wait_until(c.now() + 15 * tick);
        early = s.host.ram().read32(0x8000, c.now());
        c.read(host::memory_window(0), 4);
        c.catch_up();
        done = c.now();
        pushed = s.host.ram().read32(0x8004, c.now());
    });
    simulate(20 * microsecond);
    REQUIRE(s.function.result == pci::transfer_result::done);
    REQUIRE(s.function.ended_at < microsecond + 15 * tick);
    CHECK(early == 0);
    CHECK(pushed == 0x08070605u);
    CHECK(done > s.function.ended_at + 60 * tick);
}

TEST_CASE("A DMA read waits as the bridge says and ends at its boundary", "[host]") {
    const unsigned wait = GENERATE(0u, 8u);
    test::fresh_kernel k;
    host::host_config c;
    c.buses[0].bridge.read_wait = wait;
    c.buses[0].bridge.read_boundary = 64;
    computer s(c);
    struct watch : pci::tenure_observer {
        void tenure(const pci::payload&, const pci::pci_extension& e) override { list.push_back(e); }
        std::vector<pci::pci_extension> list;
    } w;
    s.host.bus().observe(w);
    for (unsigned i = 0; i < 128; ++i) { const std::uint8_t b = static_cast<std::uint8_t>(i); s.host.ram().write(0x8000 + i, &b, 1, 0); }
    std::uint8_t data[100] = {};
    pci::transfer t;
    t.address = 0x8010;
    t.bytes = 100;
    t.data = data;
    t.command = pci::command::memory_read_multiple;
    s.host.cpu().post(microsecond, [&](host::cpu&) { s.device.start(t, s.device.clock().at_or_after(sim::now() + tick)); });
    simulate(20 * microsecond);
    REQUIRE(w.list.size() == 2);
    CHECK(w.list[0].done == 12);
    CHECK(w.list[0].why == pci::ending::disconnect);
    CHECK(w.list[1].done == 13);
    CHECK(w.list[0].data.first() - w.list[0].address == (2 + static_cast<ps>(wait)) * tick);
    for (unsigned i = 0; i < 100; ++i) CHECK(data[i] == i + 16);
}

// 100 bytes at 8010h, read and written: how long the first word takes, how far apart the words are, where a tenure ends.
TEST_CASE("Each figure of the bridge as a target shows in its own direction and nowhere else", "[host]") {
    struct shape {
        ps first, stride;                         // clocks from the address to the first word, between words
        std::uint32_t words;                      // of the first tenure
        bool operator==(const shape& o) const { return first == o.first && stride == o.stride && words == o.words; }
    };
    const auto measure = [](const host::bridge_config& b, bool write) {
        test::fresh_kernel k;
        host::host_config c;
        c.buses[0].bridge = b;
        computer s(c);
        struct watch : pci::tenure_observer {
            void tenure(const pci::payload&, const pci::pci_extension& e) override { list.push_back(e); }
            std::vector<pci::pci_extension> list;
        } w;
        s.host.bus().observe(w);
        std::uint8_t data[100] = {};
        pci::transfer t;
        t.address = 0x8010;
        t.bytes = sizeof data;
        t.data = data;
        t.command = write ? pci::command::memory_write : pci::command::memory_read_multiple;
        s.host.cpu().post(microsecond, [&](host::cpu&) { s.device.start(t, s.device.clock().at_or_after(sim::now() + tick)); });
        simulate(20 * microsecond);
        REQUIRE(!w.list.empty());
        CHECK(s.function.result == pci::transfer_result::done);
        const auto& e = w.list[0];
        return shape{(e.data.first() - e.address) / tick, (e.data.when(1) - e.data.when(0)) / tick, static_cast<std::uint32_t>(e.done)};
    };
    using config = host::bridge_config;
    struct row {
        const char* what;
        void (*set)(config&);
        shape read, write;
    };
    const shape plain_read{10, 1, 25}, plain_write{2, 1, 25};
    const row rows[] = {
        {"as it is", [](config&) {}, plain_read, plain_write},
        {"devsel", [](config& b) { b.devsel = 2; }, {11, 1, 25}, {3, 1, 25}},
        {"read_wait", [](config& b) { b.read_wait = 3; }, {5, 1, 25}, plain_write},
        {"read_next_wait", [](config& b) { b.read_next_wait = 2; }, {10, 3, 25}, plain_write},
        {"read_boundary", [](config& b) { b.read_boundary = 32; }, {10, 1, 4}, plain_write},
        {"write_wait", [](config& b) { b.write_wait = 5; }, plain_read, {7, 1, 25}},
        {"write_next_wait", [](config& b) { b.write_next_wait = 4; }, plain_read, {2, 5, 25}},
        {"write_boundary", [](config& b) { b.write_boundary = 64; }, plain_read, {2, 1, 12}},
    };
    for (const row& r : rows) {
        INFO(r.what);
        config b;
        r.set(b);
        CHECK(measure(b, false) == r.read);
        CHECK(measure(b, true) == r.write);
    }
}

// Of PCI 2.2 3.2.1: prefetchable memory answers every kind of read alike; what a master means to read is no matter to this bridge.
TEST_CASE("The bridge serves a read and a read line and a read multiple alike", "[host]") {
    const auto ends = [](pci::command command) {
        test::fresh_kernel k;
        computer s;
        std::uint8_t data[100] = {};
        pci::transfer t;
        t.address = 0x8010;
        t.bytes = sizeof data;
        t.data = data;
        t.command = command;
        s.host.cpu().post(microsecond, [&](host::cpu&) { s.device.start(t, s.device.clock().at_or_after(sim::now() + tick)); });
        simulate(20 * microsecond);
        return s.function.ended_at;
    };
    CHECK(ends(pci::command::memory_read) == ends(pci::command::memory_read_multiple));
    CHECK(ends(pci::command::memory_read_line) == ends(pci::command::memory_read_multiple));
}

TEST_CASE("Routing gives a slot's interrupt a line of its own or one line to all", "[host]") {
    test::fresh_kernel k;
    for (const unsigned routing : {0u, 1u}) {
        host::host_config c;
        c.interrupts.routing = routing;
        host::host machine(routing ? "one_line" : "by_slot", c);
        CHECK(machine.interrupts().line_of(0, 1) == (routing ? 0 : 1));
        CHECK(machine.interrupts().line_of(0, 6) == (routing ? 0 : 2));
    }
}

TEST_CASE("An interrupt pin reaches its CPU after the router's latency and a controller mask holds it back", "[host]") {
    test::fresh_kernel k;
    computer s;
    struct handler : host::interrupt_handler {
        bool interrupt(host::cpu& c) override {
            taken.push_back(c.now());
            device->interrupt(false, device->clock().at_or_after(c.now()));
            s->host.cpu().wait_until(c.now() + 10 * tick);
            return true;
        }
        pci::device* device;
        computer* s;
        std::vector<ps> taken;
    } h;
    h.device = &s.device;
    h.s = &s;
    const unsigned line = s.host.interrupts().line_of(0, 1);
    CHECK(line == 1);
    s.host.cpu().attach(line, h);
    const ps edge = 40 * tick;
    s.host.cpu().post(edge - 10'000, [&](host::cpu&) { s.device.interrupt(true, edge); });
    s.host.cpu().post(20 * microsecond, [&](host::cpu& c) {
        s.host.interrupts().mask(line);
        s.device.interrupt(true, s.device.clock().at_or_after(c.now()));
    });
    s.host.cpu().post(30 * microsecond, [&](host::cpu&) { s.host.interrupts().unmask(line); });
    simulate(40 * microsecond);
    REQUIRE(h.taken.size() == 2);
    CHECK(h.taken[0] == (edge + 2 * tick) / 2'000 * 2'000 + 2'000 + 300 * 2'000);   // strictly after, then the entry's cost
    CHECK(h.taken[1] >= 30 * microsecond);
}
