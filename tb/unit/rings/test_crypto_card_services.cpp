// What a crypto card has beside engines for IPsec: digests, and memory of its own.
#include <catch2/catch.hpp>

#include <algorithm>

#include "card_bench.h"
#include "nicteam/packet/crc32c.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("Crypto card: a digest takes the clocks of its tenures and its engine, and its value is in the completion") {
    for (const ps engine : {30'000, 7'000})
        for (const unsigned octets_a_clock : {1u, 4u, 8u})
            for (const std::size_t size : {1u, 9u, 500u, 1'400u}) {
                rings::crypto_card_config c;
                c.unit.engine_period = engine;
                c.unit.digest_octets = octets_a_clock;
                card_bench b(c);
                CHECK((b.read(rings::reg::uses) & rings::digests) != 0);
                b.start();
                bytes data(size);
                for (std::size_t n = 0; n < size; ++n) data[n] = static_cast<std::uint8_t>(n < 9 ? '1' + n : n);
                const rings::job j{card_bench::packets, 0, 0, static_cast<std::uint32_t>(size), 0};
                b.memory.poke(j.source, data.data(), data.size());
                const rings::entry e = rings::encode(j);
                b.memory.poke(card_bench::blocks, e.data(), e.size());
                rings::command k = make_command(opcode::digest, {}, rings::entry_octets);
                k.address = card_bench::blocks;
                b.put(k);
                b.bell();
                const ps doorbell = b.last_word[0];
                b.run_until_idle();
                rings::completion done;
                REQUIRE(b.next(done));
                REQUIRE(done.was_executed());
                if (size == 9) CHECK(done.sequence == 0xE3069283);      // of "123456789"
                CHECK(done.length == 0);
                const ps T = b.bus.clock().period();
                const auto burst = [T](std::size_t octets) { return static_cast<ps>((octets + 3) / 4 + 1) * T; };
                ps t = doorbell + 5 * T + burst(32);
                t += 2 * T + burst(32);
                t += 2 * T + burst(size);
                const clock_domain engines(engine);
                t = engines.after(t + T, 2) + engine * static_cast<ps>(1 + (size + octets_a_clock - 1) / octets_a_clock);
                t = b.bus.clock().after(t, 2);
                t += T + burst(32);
                INFO(engine << " ps, " << octets_a_clock << " octets a clock, " << size << " octets");
                CHECK(b.last_word[card_bench::own] == t);
            }
}

TEST_CASE("Crypto card: its own memory - any octet from the bus, a word a clock from inside") {
    for (const std::size_t size : {1u, 9u, 400u}) {
        rings::crypto_card_config c;
        c.unit.digest_octets = 4;
        c.memory = 4'096;
        card_bench b(c);
        constexpr std::uint32_t memory = 0xD000'0000;
        b.card.registers().write(0x14, 4, memory);
        CHECK(rings::memory_of(b.card) == memory);
        b.start();
        for (std::uint32_t n = 0; n < size; n += 4) b.access(pci::command::memory_write, memory + n, (n + 1) * 0x01020304u);
        bytes data(size);
        for (std::uint32_t n = 0; n < size; ++n) data[n] = static_cast<std::uint8_t>((n / 4 * 4 + 1) * 0x01020304u >> 8 * (n % 4));
        CHECK(b.access(pci::command::memory_read, memory, 0) == 0x01020304u);
        const rings::job j{memory, 0, 0, static_cast<std::uint32_t>(size), 0};
        const rings::entry e = rings::encode(j);
        b.memory.poke(card_bench::blocks, e.data(), e.size());
        rings::command k = make_command(opcode::digest, {}, rings::entry_octets);
        k.address = card_bench::blocks;
        b.put(k);
        b.bell();
        const ps doorbell = b.last_word[0];
        b.run_until_idle();
        rings::completion done;
        REQUIRE(b.next(done));
        CHECK(done.sequence == packet::crc32c(data));
        const ps T = b.bus.clock().period();
        const auto burst = [T](std::size_t octets) { return static_cast<ps>((octets + 3) / 4 + 1) * T; };
        ps t = doorbell + 5 * T + burst(32);
        t += 2 * T + burst(32);
        t += burst(size);                        // the first word a clock behind its start
        t = b.bus.clock().after(t + T, 2) + T * static_cast<ps>(1 + (size + 3) / 4);
        t = b.bus.clock().after(t, 2) + T + burst(32);
        INFO(size);
        CHECK(b.last_word[card_bench::own] == t);
    }
}

TEST_CASE("Crypto card: digests wait for each other, not for packets - without the engine there is no such use") {
    rings::crypto_card_config c;
    card_bench none(c);
    none.start();
    rings::command k = make_command(opcode::digest, {}, rings::entry_octets);
    k.address = card_bench::blocks;
    CHECK(none.one(none.put(k)).reason == rings::reason::no_such_use);
    c.unit.digest_octets = 1;
    card_bench b(c);
    b.start();
    handed_over h(some(des3_sha1));
    const state::handle at = b.install(h);
    b.lend(at, h, 1);
    const rings::job j{card_bench::packets + card_bench::step, 0, 0, 1'400, 0};
    const rings::entry e = rings::encode(j);
    b.memory.poke(card_bench::blocks + 32, e.data(), e.size());
    k.address = card_bench::blocks + 32;
    for (unsigned n = 0; n < 3; ++n) b.put(k);
    b.put_job(at, ip_packet(false, 500));
    b.bell();
    const ps doorbell = b.last_word[0];
    b.run_until_idle();
    CHECK(b.take().size() == 4);
    const auto clocks = (b.last_word[card_bench::own] - doorbell) / b.bus.clock().period();
    CHECK(clocks > 3 * 1'400);                   // three, one behind the other
    CHECK(clocks < 3 * 1'400 + 1'200);           // the packet's engines worked meanwhile
    k.flags = 1;
    CHECK(b.one(b.put(k)).reason == rings::reason::unknown_flag);
    k.flags = 0, k.length = 31;
    CHECK(b.one(b.put(k)).reason == rings::reason::bad_length);
}
