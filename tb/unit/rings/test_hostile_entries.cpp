// Entries, blocks and parts that nobody would write: any octets complete once each, with their cookie, and the card lives on.
#include <catch2/catch.hpp>

#include "card_bench.h"
#include "nicteam/base/random_stream.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

bytes noise(random_stream& r, std::size_t n) {
    bytes b(n);
    for (auto& o : b) o = static_cast<std::uint8_t>(r.next());
    return b;
}
// Memory, its last octets, nowhere, the end of 32 and of 64 bits.
std::uint64_t some_address(random_stream& r) {
    const std::uint64_t small = r.below(64);
    switch (r.below(6)) {
        case 0: return 0xFFFFF - small;
        case 1: return 0x70000000 + small;
        case 2: return 0xFFFFFFFF - small;
        case 3: return 0x7'0000'0000 + small;
        case 4: return ~std::uint64_t{0} - small;
        default: return 0x90000 + r.below(0x10000);
    }
}

}  // namespace

TEST_CASE("Hostile entries: any octets complete once each") {
    std::size_t executed = 0, reasons[rings::reason_count] = {};
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        random_stream random(seed, "rings", "hostile");
        card_bench b;
        b.start();
        handed_over h(some(des3_sha1));
        const state::handle at = b.install(h);
        b.lend(at, h, 100);
        const bytes good = ip_packet(false, 100);
        for (int round = 0; round < 12; ++round) {
            std::vector<std::uint64_t> cookies;
            for (unsigned i = 0; i < b.entries; ++i) {
                const state::handle other{static_cast<std::uint32_t>(random.below(70)), 1};
                rings::command c = make_command(static_cast<opcode>(random.below(10)), random.below(4) ? at : other);
                c.flags = static_cast<std::uint8_t>(random.below(3) ? 0 : random.next());
                c.length = random.below(3) ? rings::entry_octets : static_cast<std::uint32_t>(random.below(2) ? random.below(300) : random.next());
                c.address = random.below(3) ? card_bench::blocks + i * rings::entry_octets : some_address(random);
                if (c.opcode == opcode::abort_all && random.below(2)) c.length = c.flags = 0;
                if (c.opcode == opcode::remove && random.below(4)) c.opcode = opcode::process_and_return;
                rings::job j{card_bench::packets + i * card_bench::step, card_bench::results + i * card_bench::step, 0,
                             static_cast<std::uint32_t>(good.size()), 2'048};
                if (random.below(3) == 0) j.source = some_address(random);
                if (random.below(3) == 0) j.destination = some_address(random);
                if (random.below(3) == 0) j.length = static_cast<std::uint32_t>(random.below(2) ? random.below(3'000) : random.next());
                if (random.below(3) == 0) j.room = static_cast<std::uint32_t>(random.next());
                const rings::entry e = rings::encode(j);
                const bytes block = random.below(8) ? bytes(e.begin(), e.end()) : noise(random, e.size());
                b.memory.poke(card_bench::blocks + i * rings::entry_octets, block.data(), block.size());
                const bytes packet = random.below(4) ? good : noise(random, good.size());
                b.memory.poke(card_bench::packets + i * card_bench::step, packet.data(), packet.size());
                if (c.opcode == opcode::install || c.opcode == opcode::change) {
                    const auto spi = static_cast<std::uint32_t>(400 + random.below(99));
                    bytes parts = c.opcode == opcode::install ? handed_over(with_spi(some(gcm), spi)).constant : h.cached;
                    for (std::uint64_t n = random.below(3); n; --n) parts[random.below(parts.size())] = static_cast<std::uint8_t>(random.next());
                    cookies.push_back(b.put_parts(c, parts, i));
                } else {
                    cookies.push_back(b.put(c));
                }
            }
            b.bell();
            b.run_until_idle();
            // What it wrote to where the rings lie may be anything; nothing was told to go there.
            const auto all = b.take();
            REQUIRE(all.size() == cookies.size());
            for (std::size_t i = 0; i < all.size(); ++i) {
                CHECK(all[i].cookie == cookies[i]);
                const auto why = static_cast<std::size_t>(all[i].reason);
                REQUIRE(why < rings::reason_count);
                CHECK((all[i].was_executed() || all[i].reason != reason::none));
                ++reasons[why];
                executed += all[i].was_executed();
            }
            CHECK((b.status() & ~rings::status_completion) == rings::status_running);
        }
    }
    CHECK(executed > 300);
    for (const reason r : {reason::unknown_opcode, reason::unknown_flag, reason::stale_handle, reason::bad_length, reason::malformed,
                           reason::too_long, reason::no_room, reason::bus_error, reason::no_transmitter, reason::aborted}) {
        INFO(rings::name(r));
        CHECK(reasons[static_cast<std::size_t>(r)] > 0);
    }
}
