// The PCI-to-PCI bridge: what it forwards, and a test for each rule of ordering (bridge specification 1.1, chapter 5).
#include <catch2/catch.hpp>

#include <deque>
#include <map>

#include "nicteam/base/random_stream.h"
#include "nicteam/pci/pci_bridge.h"
#include "nicteam/sim/agenda.h"
#include "unit/fresh_kernel.h"
#include "unit/pci/elaborate.h"

using namespace nicteam;
using namespace nicteam::test;
using pci::command;

namespace {

constexpr ps tick = 30'000;

// Memory or registers at a range, in memory or configuration space; retries everything, or all writes, until told to stop.
struct memory : sc_core::sc_module, pci::target_user {
    memory(sc_core::sc_module_name name, pci::bus& b, std::uint64_t base, std::uint64_t bytes, int device = -1)
        : sc_module(name), base(base), octets(bytes), agent("agent", *this) { b.plug(agent, device); }
    bool claims(command c, std::uint64_t a) const override {
        if (pci::is_configuration(c)) return a < 0x100;
        return pci::is_memory(c) && a - base < octets.size();
    }
    pci::answer decode(pci::access& a) override {
        pci::answer r;
        open = sim::now() >= (a.write() ? writes_from : reads_from);
        at = a.address - (pci::is_configuration(a.command) ? 0 : base);
        if (!open) {
            r.how = pci::stop::retry;
            r.words = 0;
            return r;
        }
        const std::uint64_t left = (octets.size() - at + 3) / 4, most = single ? 1 : left;
        if (most < a.bus->words) {
            r.how = pci::stop::with_data;
            r.words = static_cast<std::uint32_t>(most);
        }
        return r;
    }
    void ended(pci::access& a, ps) override {
        if (!open) return;
        const std::uint32_t n = a.bytes_in(a.bus->done);
        if (!n) return;
        for (std::uint32_t i = 0; i < n; ++i) {
            if (a.write()) octets.at(at + i) = a.data[i];
            else a.data[i] = octets.at(at + i);
        }
        log.push_back({a.command, a.address, n, a.bus->data.last()});
    }
    struct entry { command what; std::uint64_t address; std::uint32_t bytes; ps at; };
    std::uint64_t base, at = 0;
    std::vector<std::uint8_t> octets;
    std::vector<entry> log;
    ps writes_from = 0, reads_from = 0;
    bool single = false, open = false;
    pci::target agent;
};

struct master : sc_core::sc_module, pci::initiator_user {
    master(sc_core::sc_module_name name, pci::bus& b, int pair) : sc_module(name), the_bus(b), agent("agent", b.clock(), *this) {
        b.set_latency_timer(b.plug(agent, pair), 64);
        b.set_cache_line(static_cast<unsigned>(pair), 32);
    }
    struct work { pci::transfer t; std::vector<std::uint8_t> data; bool over = false; pci::transfer_result result{}; ps at = 0; };
    work& start(command c, std::uint64_t address, std::vector<std::uint8_t> data) {
        work& w = all.emplace_back();
        w.data = std::move(data);
        w.t.address = address;
        w.t.bytes = static_cast<std::uint32_t>(w.data.size());
        w.t.data = w.data.data();
        w.t.command = c;
        agent.submit(w.t, the_bus.clock().at_or_after(sim::now()));
        return w;
    }
    work& read(std::uint64_t address, std::size_t n, command c = command::memory_read) { return start(c, address, std::vector<std::uint8_t>(n)); }
    work& write(std::uint64_t address, std::size_t n, std::uint8_t first, command c = command::memory_write) {
        std::vector<std::uint8_t> data(n);
        for (std::uint8_t& b : data) b = first++;
        return start(c, address, std::move(data));
    }
    // Another of this master's transfers goes first after a retry.
    void attempt_ended(pci::transfer& t, pci::ending why, ps) override {
        if (why == pci::ending::retry) t.priority = ++turn;
    }
    void ended(pci::transfer& t, pci::transfer_result r, ps at) override {
        for (work& w : all)
            if (&w.t == &t) w.over = true, w.result = r, w.at = at;
    }
    pci::bus& the_bus;
    unsigned turn = 0;
    std::deque<work> all;
    pci::initiator agent;
};

void pass(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }

// Host and memory above, a card with registers below. Windows as firmware would open them: memory 1 MiB at 8000 0000h.
struct bench {
    explicit bench(pci::pci_bridge_config c = {}, ps below = tick, ps phase = 0) : lower("lower", [&] {
        pci::bus_config b;
        b.period = below;
        b.phase = phase;
        return b;
    }()), bridge("bridge", c, upper, 2, lower) {
        auto& r = bridge.registers();
        r.write(0x04, 2, 7);
        r.write(0x0C, 1, 8);
        r.write(0x0D, 1, 64);
        r.write(0x18, 4, 0x40010100);           // buses 0, 1 to 1
        r.write(0x1C, 2, 0x10F0);
        r.write(0x20, 4, 0x80008000);
        r.write(0x24, 4, 0x90009000);
        test::elaborate();
    }
    std::uint64_t count(const char* metric) {
        for (const auto& m : kernel.session().metrics())
            if (m.path == std::string("bridge.") + metric) return m.as_counter->value();
        FAIL(metric);
        return 0;
    }
    fresh_kernel kernel;
    pci::bus upper{"upper", {}}, lower;
    pci::pci_bridge bridge;
    master host{"host", upper, 0}, card{"card", lower, 4}, other_card{"other_card", lower, 5};
    memory ram{"ram", upper, 0, 0x10000}, device{"device", lower, 0x8000'0000, 0x1000, 3}, ahead{"ahead", lower, 0x9000'0000, 0x1000};
};

constexpr std::uint64_t card_at = 0x8000'0000, ahead_at = 0x9000'0000;

std::uint64_t type_1(unsigned bus, unsigned device, unsigned reg) { return pci::type_1_configuration | bus << 16 | device << 11 | reg; }

}  // namespace

TEST_CASE("Configuration cycles of type 1 become type 0 on the bus that they name") {
    bench b;
    b.device.octets[0x10] = 0x5A;
    auto& there = b.host.read(type_1(1, 3, 0x10), 1, command::configuration_read);
    auto& nobody = b.host.read(type_1(1, 7, 0), 4, command::configuration_read);
    pass(10 * microsecond);
    CHECK(there.over);
    CHECK(there.data[0] == 0x5A);
    CHECK(nobody.result == pci::transfer_result::done);                 // master abort mode 0: all ones
    CHECK(nobody.data == std::vector<std::uint8_t>(4, 0xFF));
    CHECK((b.bridge.registers().read(0x1E, 2) & 0x2000) != 0);          // received master abort, on the secondary side
    CHECK((b.bridge.registers().read(0x06, 2) & 0x2000) == 0);
    auto& elsewhere = b.host.read(type_1(2, 3, 0x10), 4, command::configuration_read);
    auto& write = b.host.write(type_1(1, 3, 0x14), 2, 0x33, command::configuration_write);
    pass(10 * microsecond);
    CHECK(elsewhere.result == pci::transfer_result::master_abort);      // no bus of this bridge
    CHECK(write.over);
    CHECK(b.device.octets[0x15] == 0x34);
    CHECK(write.at > b.device.log.back().at);                           // not posted
    b.bridge.registers().write(0x3E, 2, 0x20);
    auto& error = b.host.read(type_1(1, 7, 0), 4, command::configuration_read);
    pass(10 * microsecond);
    CHECK(error.result == pci::transfer_result::target_abort);
}

TEST_CASE("A memory write is over before it is carried out and no write passes another") {
    bench b;
    b.device.writes_from = 5 * microsecond;
    for (unsigned n = 0; n < 3; ++n) b.host.write(card_at + 64 * n, 32, static_cast<std::uint8_t>(n));
    pass(3 * microsecond);
    for (const auto& w : b.host.all) CHECK(w.over);
    CHECK(b.device.log.empty());
    pass(10 * microsecond);
    REQUIRE(b.device.log.size() == 3);
    for (unsigned n = 0; n < 3; ++n) CHECK(b.device.log[n].address == card_at + 64 * n);
    CHECK(b.device.octets[64 + 5] == 6);
    CHECK(b.count("downstream.posted") == 3);
}

TEST_CASE("Posted writes fill the buffer of the stated depth and no more") {
    pci::pci_bridge_config c;
    SECTION("bytes") {
        c.posted_bytes = 96;
        bench b(c);
        b.device.writes_from = never;
        auto& w = b.host.write(card_at, 256, 0);
        pass(20 * microsecond);
        CHECK(!w.over);
        CHECK(w.t.done == 96);
        CHECK(b.count("downstream.posted_full") > 10);
        b.device.writes_from = sim::now();
        pass(20 * microsecond);
        CHECK(w.over);
        for (unsigned i = 0; i < 256; ++i) CHECK(b.device.octets[i] == i);
    }
    SECTION("tenures") {
        c.posted_writes = 2;
        bench b(c);
        b.device.writes_from = never;
        for (unsigned n = 0; n < 3; ++n) b.host.write(card_at + 4 * n, 4, 1);
        pass(20 * microsecond);
        CHECK(b.host.all[1].over);
        CHECK(!b.host.all[2].over);
    }
}

TEST_CASE("A posted write passes a delayed read") {
    bench b;
    b.device.reads_from = never;
    auto& r = b.host.read(card_at + 0x40, 4);
    pass(2 * microsecond);
    auto& w = b.host.write(card_at, 4, 9);
    pass(4 * microsecond);
    CHECK(!r.over);
    CHECK(w.over);
    CHECK(b.device.octets[0] == 9);
}

TEST_CASE("A delayed read does not pass the posted writes before it") {
    bench b;
    b.device.writes_from = 6 * microsecond;
    b.host.write(card_at, 4, 0x77);
    pass(microsecond);
    auto& r = b.host.read(card_at, 4);
    pass(3 * microsecond);
    CHECK(!r.over);
    CHECK(b.device.log.empty());
    pass(10 * microsecond);
    CHECK(r.data == std::vector<std::uint8_t>{0x77, 0x78, 0x79, 0x7A});
}

TEST_CASE("A read brings up the posted writes that came before what it read") {
    bench b;
    b.ram.writes_from = 8 * microsecond;
    b.card.write(0x100, 32, 1);
    pass(microsecond);
    auto& r = b.host.read(card_at, 4);
    pass(4 * microsecond);
    REQUIRE(b.device.log.size() == 1);            // fetched, but not told
    CHECK(!r.over);
    pass(10 * microsecond);
    REQUIRE(r.over);
    REQUIRE(!b.ram.log.empty());
    CHECK(b.ram.log[0].at >= 8 * microsecond);
    CHECK(r.at > b.ram.log[0].at);
}

TEST_CASE("Posted writes that come after the fetch do not hold the answer up") {
    bench b;
    b.ram.writes_from = never;
    auto& r = b.host.read(card_at, 4);
    while (b.device.log.empty()) pass(tick);
    b.card.write(0x100, 32, 1);
    pass(4 * microsecond);
    CHECK(r.over);
}

TEST_CASE("One delayed read does not hold up another") {
    bench b;
    b.ahead.reads_from = never;
    auto& stuck = b.host.read(ahead_at, 4);
    pass(microsecond);
    auto& r = b.host.read(card_at, 4);
    pass(4 * microsecond);
    CHECK(!stuck.over);
    CHECK(r.over);
}

TEST_CASE("Delayed transactions in use turn others away") {
    pci::pci_bridge_config c;
    c.delayed = 1;
    bench b(c);
    b.ahead.reads_from = never;
    b.host.read(ahead_at, 4);
    pass(microsecond);
    auto& r = b.host.read(card_at, 4);
    pass(4 * microsecond);
    CHECK(!r.over);
    CHECK(b.count("downstream.delayed_full") > 0);
    b.ahead.reads_from = 0;
    pass(4 * microsecond);
    CHECK(r.over);
}

TEST_CASE("How far a read fetches ahead is told by its command and by the window") {
    struct row { command what; std::uint32_t up, down, down_ahead; };
    const row rows[] = {{command::memory_read, 4, 4, 4}, {command::memory_read_line, 16, 4, 16}, {command::memory_read_multiple, 112, 4, 112}};
    for (const row& r : rows) {
        bench b;
        for (unsigned i = 0; i < 256; ++i) b.ram.octets[0x200 + i] = static_cast<std::uint8_t>(i);
        auto& up = b.card.read(0x210, 4, r.what);
        auto& down = b.host.read(card_at + 0x10, 4, r.what);
        pass(8 * microsecond);
        b.host.read(ahead_at + 0x10, 4, r.what);
        pass(8 * microsecond);
        REQUIRE(up.over);
        REQUIRE(down.over);
        CHECK(up.data == std::vector<std::uint8_t>{16, 17, 18, 19});
        CHECK(b.ram.log.at(0).bytes == r.up);
        CHECK(b.device.log.at(0).bytes == r.down);
        CHECK(b.ahead.log.at(0).bytes == r.down_ahead);
        CHECK(b.count("upstream.fetched_bytes") == r.up);
        CHECK(b.count("upstream.unused_bytes") == r.up - 4);
    }
}

TEST_CASE("What is fetched ahead is bounded by the buffer and given in one piece") {
    pci::pci_bridge_config c;
    c.read_bytes = 64;
    c.line_prefetch = 8;
    bench b(c);
    for (unsigned i = 0; i < 256; ++i) b.ram.octets[i] = static_cast<std::uint8_t>(i);
    auto& r = b.card.read(0, 200, command::memory_read_line);
    pass(20 * microsecond);
    REQUIRE(r.over);
    for (unsigned i = 0; i < 200; ++i) CHECK(r.data[i] == i);
    REQUIRE(b.ram.log.size() == 4);
    for (const auto& e : b.ram.log) CHECK(e.bytes == 64);
}

TEST_CASE("Reading ahead stops where the other side disconnects") {
    bench b;
    b.ahead.single = true;
    auto& r = b.host.read(ahead_at, 4, command::memory_read_multiple);
    pass(8 * microsecond);
    CHECK(r.over);
    CHECK(b.ahead.log.size() == 1);
}

TEST_CASE("An answer that nobody fetches is thrown away when the discard timer runs out") {
    const bool fast = GENERATE(false, true);
    bench b;
    b.bridge.registers().write(0x3E, 2, fast ? 0x100 : 0);
    b.host.read(card_at, 4);
    while (b.device.log.empty()) pass(tick);
    b.host.agent.reset(sim::now());               // forgets it
    const ps timer = tick << (fast ? 10 : 15);
    pass(timer - microsecond);
    CHECK(b.count("downstream.discards") == 0);
    pass(2 * microsecond);
    CHECK(b.count("downstream.discards") == 1);
    CHECK((b.bridge.registers().read(0x3E, 2) & 0x400) != 0);
}

TEST_CASE("A write to I/O space is not posted") {
    bench b;
    auto& w = b.host.write(0x1004, 4, 1, command::io_write);
    pass(20 * microsecond);
    CHECK(w.result == pci::transfer_result::master_abort);              // the window is closed: base above limit
    b.bridge.registers().write(0x1C, 2, 0x1010);
    auto& v = b.host.write(0x1008, 4, 1, command::io_write);
    pass(20 * microsecond);
    CHECK(v.over);                                // nobody there below: taken and lost, as all ones are read
    CHECK((b.bridge.registers().read(0x1E, 2) & 0x2000) != 0);
}

TEST_CASE("The command register closes both ways") {
    bench b;
    b.bridge.registers().write(0x04, 2, 0);
    auto& down = b.host.read(card_at, 4);
    auto& up = b.card.read(0, 4);
    pass(4 * microsecond);
    CHECK(down.result == pci::transfer_result::master_abort);
    CHECK(up.result == pci::transfer_result::master_abort);
}

TEST_CASE("What is on one side stays there") {
    bench b;
    auto& w = b.card.write(card_at, 8, 1);        // from card to device, past the bridge
    pass(4 * microsecond);
    CHECK(w.over);
    CHECK(b.device.octets[7] == 8);
    CHECK(b.count("upstream.posted") == 0);
}

TEST_CASE("A secondary reset empties the bridge") {
    bench b;
    b.device.writes_from = b.device.reads_from = never;
    b.host.write(card_at, 4, 1);
    b.host.read(card_at, 4);
    pass(2 * microsecond);
    b.host.agent.reset(sim::now());
    pass(microsecond);
    b.host.write(2u << 11 | 0x3E, 2, 0, command::configuration_write).data[0] = 0x40;
    pass(2 * microsecond);
    CHECK(b.lower.rst().low());
    b.device.writes_from = b.device.reads_from = 0;
    b.host.write(2u << 11 | 0x3E, 2, 0, command::configuration_write);
    pass(4 * microsecond);
    CHECK(!b.lower.rst().low());
    CHECK(b.device.log.empty());
    auto& again = b.host.read(card_at, 4);
    pass(4 * microsecond);
    CHECK(again.over);
}

TEST_CASE("A chain of bridges carries both ways") {
    fresh_kernel kernel;
    pci::bus top{"top", {}}, middle{"middle", {}}, end{"end", {}};
    pci::pci_bridge first{"first", {}, top, 1, middle}, second{"second", {}, middle, 5, end};
    for (auto [b, primary, secondary] : {std::tuple(&first, 0u, 1u), std::tuple(&second, 1u, 2u)}) {
        auto& r = b->registers();
        r.write(0x04, 2, 7);
        r.write(0x0C, 1, 8);
        r.write(0x18, 4, 0x40020000 | secondary << 8 | primary);
        r.write(0x20, 4, 0x80008000);
        r.write(0x24, 4, 0x00001000);
    }
    master host{"host", top, 0}, card{"card", end, 3};
    memory ram{"ram", top, 0, 0x1000}, device{"device", end, card_at, 0x1000, 7};
    test::elaborate();
    for (unsigned i = 0; i < 256; ++i) ram.octets[i] = static_cast<std::uint8_t>(i);
    device.octets[0x20] = 0xA5;
    auto& found = host.read(type_1(2, 7, 0x20), 1, command::configuration_read);
    host.write(card_at + 0x40, 64, 3);
    auto& back = host.read(card_at + 0x40, 4);
    auto& block = card.read(0x10, 200, command::memory_read_multiple);
    card.write(0x400, 300, 0);
    pass(60 * microsecond);
    CHECK(found.data[0] == 0xA5);
    REQUIRE(back.over);
    CHECK(back.data[3] == 6);
    REQUIRE(block.over);
    CHECK(block.data[199] == static_cast<std::uint8_t>(0x10 + 199));
    CHECK(ram.octets[0x400 + 299] == static_cast<std::uint8_t>(299));
}

// Random work from three masters over ranges of their own, through bridges of random size and clocks of any relation: each reads
// what it wrote before, and everything comes to an end.
TEST_CASE("Whatever goes through a bridge arrives as it was sent") {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        random_stream r(seed, "bridge", "test");
        const auto below = [&](std::uint64_t n) { return r.next() % n; };
        pci::pci_bridge_config c;
        c.crossing = 1 + static_cast<unsigned>(below(4));
        c.posted_bytes = 4u << below(8);
        c.posted_writes = 1 + static_cast<unsigned>(below(4));
        c.delayed = 1 + static_cast<unsigned>(below(4));
        c.read_bytes = 4u << below(8);
        c.line_prefetch = static_cast<unsigned>(below(3));
        c.multiple_prefetch = static_cast<unsigned>(below(6));
        const ps periods[] = {15'000, 30'000, 30'303, 40'000};
        bench b(c, periods[below(4)], static_cast<ps>(below(15'000)));
        struct actor { master& m; std::uint64_t at; memory& where; std::vector<std::uint8_t> known; };
        actor all[] = {{b.host, card_at, b.device, std::vector<std::uint8_t>(0x1000)}, {b.card, 0x2000, b.ram, std::vector<std::uint8_t>(0x1000)},
                       {b.other_card, 0x8000, b.ram, std::vector<std::uint8_t>(0x1000)}};
        for (unsigned n = 0; n < 25; ++n) {
            struct job { actor* who; master::work* work; std::uint64_t offset; bool read; };
            std::vector<job> jobs;
            for (actor& a : all) {
                const std::uint64_t bytes = 1 + below(600), offset = below(0x1000 - bytes);
                const bool read = below(2) == 0;
                const command reads[] = {command::memory_read, command::memory_read_line, command::memory_read_multiple};
                const command writes[] = {command::memory_write, command::memory_write_and_invalidate};
                if (read) {
                    jobs.push_back({&a, &a.m.read(a.at + offset, bytes, reads[below(3)]), offset, true});
                } else {
                    const bool lines = below(2) == 0;
                    const std::uint64_t o = lines ? offset & ~31u : offset, n_bytes = lines ? 32 * (1 + below(8)) : bytes;
                    if (o + n_bytes > 0x1000) continue;
                    auto& w = a.m.write(a.at + o, n_bytes, static_cast<std::uint8_t>(below(256)), writes[lines]);
                    std::copy(w.data.begin(), w.data.end(), a.known.begin() + static_cast<std::ptrdiff_t>(o));
                    jobs.push_back({&a, &w, o, false});
                }
            }
            for (unsigned waits = 0; waits < 4000; ++waits) {
                bool over = true;
                for (const job& j : jobs) over &= j.work->over;
                if (over) break;
                pass(10 * tick);
            }
            for (const job& j : jobs) {
                REQUIRE(j.work->over);
                REQUIRE(j.work->result == pci::transfer_result::done);
                if (!j.read) continue;
                REQUIRE(std::equal(j.work->data.begin(), j.work->data.end(), j.who->known.begin() + static_cast<std::ptrdiff_t>(j.offset)));
            }
        }
        pass(100 * microsecond);
        for (const actor& a : all)
            REQUIRE(std::equal(a.known.begin(), a.known.end(), a.where.octets.begin() + static_cast<std::ptrdiff_t>(a.at - a.where.base)));
        CHECK(b.count("downstream.discards") + b.count("upstream.discards") == 0);
    }
}
