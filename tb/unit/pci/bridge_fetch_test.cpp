// The PCI-to-PCI bridge: how far it reads ahead, and what becomes of what nobody fetches.
#include <catch2/catch.hpp>

#include "unit/pci/bridge_bench.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::test::bridged;

TEST_CASE("How far a read fetches ahead is told by its command and by the window") {
    struct row { command what; std::uint32_t up, down, down_ahead; };
    const row rows[] = {
        {command::memory_read, 4, 4, 4}, {command::memory_read_line, 16, 4, 16}, {command::memory_read_multiple, 112, 4, 112}};
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

TEST_CASE("Who gets the answer to a request before its own may be misled and who asks again for its own is not") {
    const bool old = GENERATE(false, true);
    bench b;
    b.ram.octets[0x100] = 1;
    auto& first = b.card.read(0x100, 4, command::memory_read_line);
    while (b.ram.log.empty()) pass(tick);
    b.ram.octets[0x100] = 2;                      // what software writes behind the card's reset
    if (old) b.card.agent.reset(sim::now());
    else pass(20 * microsecond);                  // it comes back for it, a dozen times
    auto& again = b.card.read(0x100, 4, command::memory_read_line);
    pass(20 * microsecond);
    CHECK(first.over == !old);
    REQUIRE(again.over);
    CHECK(again.data[0] == (old ? 1 : 2));
    const sim::doubt& d = b.kernel.session().doubt_of("upper");
    CHECK(d.raised() == old);
    CHECK(d.reaches("lower") == old);
    CHECK_FALSE(d.reaches("upper"));
}
