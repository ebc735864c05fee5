// The PCI-to-PCI bridge: what it forwards, and what it leaves alone (bridge specification 1.1).
#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "unit/pci/bridge_bench.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::test::bridged;

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
        actor all[] = {{b.host, card_at, b.device, std::vector<std::uint8_t>(0x1000)},
                       {b.card, 0x2000, b.ram, std::vector<std::uint8_t>(0x1000)},
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
