// The PCI-to-PCI bridge: its buffers, and a test for each rule of ordering (bridge specification 1.1, chapter 5).
#include <catch2/catch.hpp>

#include "unit/pci/bridge_bench.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::test::bridged;

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
