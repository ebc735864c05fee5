// The crypto card on a bus: what it says it can, whole jobs with their bytes and their edges, aborts, resets, and rings that are full.
#include <catch2/catch.hpp>

#include <algorithm>

#include "card_bench.h"

using namespace nicteam;
using namespace nicteam::test;
using rings::reg::command_tail;

TEST_CASE("Crypto card: its header and its capability block") {
    card_bench b;
    CHECK(b.access(pci::command::configuration_read, 1u << 11 | 0x00, 0) == 0x0C4D1AF4);
    CHECK(b.access(pci::command::configuration_read, 1u << 11 | 0x08, 0) >> 8 == 0x100000);
    using namespace rings::reg;
    CHECK(b.read(rings::reg::format) == 1);
    CHECK(b.read(ciphers) == 0xFF);              // null, DES, 3DES, AES-CBC, AES-CTR, GCM with ICVs of 8, 12 and 16 octets
    CHECK(b.read(authentications) == 0xCF);      // no SHA2-384 and no SHA2-512: no core of theirs was measured
    CHECK(b.read(associations) == 64);
    CHECK(b.read(uses) == (rings::secondary_out | rings::secondary_in));
    CHECK(b.read(command_depth) == 256);
    CHECK(b.read(longest_job) == 2'048);
    b.write(longest_job, 9);
    CHECK(b.read(longest_job) == 2'048);
    CHECK(b.access(pci::command::memory_read, card_bench::window + 0xFC, 0) == 0);
}

TEST_CASE("Crypto card: rings that cannot be are refused - bases stay while it runs") {
    card_bench b;
    for (const std::uint32_t size : {0u, 1u, 3u, 512u}) {
        b.entries = size;
        b.start();
        CHECK(b.status() == rings::status_refused);
        b.write(rings::reg::status, rings::status_refused);
        CHECK(b.status() == 0);
    }
    b.entries = 8;
    b.write(command_tail, 1);                    // it does not run
    CHECK(b.status() == rings::status_refused);
    b.write(rings::reg::status, rings::status_refused);
    b.start();
    CHECK(b.status() == rings::status_running);
    b.write(rings::reg::command_size, 4);
    CHECK(b.read(rings::reg::command_size) == 8);
    b.write(command_tail, 9);                    // beyond the ring
    CHECK(b.status() == (rings::status_running | rings::status_refused));
    CHECK(b.read(command_tail) == 0);
    b.write(rings::reg::completion_head, 1);     // none was written
    CHECK(b.read(rings::reg::completion_head) == 0);
    CHECK(b.read(rings::reg::command_head) == 0);
}

TEST_CASE("Crypto card: a packet goes out and comes back as the software path has it") {
    for (const ipsec::algorithms& a : {gcm, des3_sha1, aes_sha1}) {
        card_bench b;
        b.start();
        handed_over h(some(a, ipsec::association_mode::tunnel));
        const state::handle at = b.install(h);
        REQUIRE(at);
        b.lend(at, h, 10);
        const bytes plain = ip_packet(false, 700);
        const auto out = b.one(b.put_job(at, plain));
        REQUIRE(out.was_executed());
        CHECK(out.verdict == 0);
        CHECK(out.sequence == 1);
        CHECK(out.handle == at);
        const bytes sent = b.result(out);
        ipsec::association software(h.host.constants());
        REQUIRE(software.take({1, 1}));
        if (a.cipher == gcm.cipher) CHECK(sent == protect_next(software, plain).packet);      // no IV is drawn by lot
        ipsec::opened opened;
        ipsec::work took;
        REQUIRE(ipsec::unprotect(software, sent, opened, took) == ipsec::outcome::done);
        CHECK(opened.packet == plain);
        const auto in = b.one(b.put_job(at, sent, rings::inbound));
        CHECK(in.was_executed());
        CHECK(in.verdict == 0);
        CHECK(b.result(in) == plain);
    }
}

// Entry, block and packet are read, engines work, result and completion are written: on an idle bus every edge is known.
TEST_CASE("Crypto card: a job takes the clocks of its tenures and its engines") {
    for (const ps engine : {30'000, 10'000, 7'000})
        for (const std::size_t body : {10u, 500u, 1'400u})
            for (const bool inbound : {false, true}) {
                rings::crypto_card_config c;
                c.unit.engine_period = engine;
                card_bench b(c);
                b.start();
                handed_over h(some(des3_sha1));
                const state::handle at = b.install(h);
                b.lend(at, h, 2);
                const bytes plain = ip_packet(false, body);
                const auto first = b.one(b.put_job(at, plain));      // its key is in the engines from here on
                const bytes packet = inbound ? b.result(first) : plain;
                b.write(rings::reg::status, rings::status_completion);
                REQUIRE_FALSE(b.interrupt);
                b.put_job(at, packet, inbound ? rings::inbound : 0);
                b.bell();
                const ps doorbell = b.last_word[0];
                b.run_until_idle();
                rings::completion done;
                REQUIRE(b.next(done));
                REQUIRE(done.was_executed());

                const ps T = b.bus.clock().period();
                const auto words = [](std::size_t octets) { return static_cast<std::int64_t>((octets + 3) / 4); };
                const auto read = [](std::int64_t n) { return n + 1; };          // from FRAME# to the last word
                const auto write = [](std::int64_t n) { return n + 1; };
                // It acts an edge behind the doorbell; REQ# a clock later, granted two later, FRAME# one later.
                ps t = doorbell + 5 * T + read(8) * T;
                t += 2 * T + read(8) * T;                                        // REQ# rests for the idle edge
                t += 2 * T + read(words(packet.size())) * T;
                const offload::engines e{offload::core_named("3des-area"), offload::core_named("sha1")};
                const auto way = inbound ? offload::way::in : offload::way::out;
                const auto clocks = offload::esp_clocks(e, des3_sha1, way, offload::esp_text(des3_sha1, body)).total;
                const clock_domain engines(engine);
                t = engines.after(t + T, 2) + engine * static_cast<ps>(1 + clocks);
                t = b.bus.clock().after(t, 2);                                   // known there; FRAME# a clock later: it is parked at the card
                t += T + write(words(done.length)) * T;
                t += 2 * T + write(8) * T;
                INFO(engine << " ps, " << body << " octets, " << (inbound ? "in" : "out"));
                CHECK(b.last_word[card_bench::own] == t);
                CHECK(b.interrupt);
                CHECK(b.interrupt_at == t);
                if (engine == T && body == 1'400 && !inbound) CHECK((t - doorbell) / T == 9'378);      // the example of docs/crypto-face.md
            }
}

TEST_CASE("Crypto card: a packet under another key pays for its set-up and the next under the same does not") {
    rings::crypto_card_config c;
    c.unit.engines = {"aes-128-iterative", "sha1"};
    card_bench b(c);
    b.start();
    std::vector<state::handle> at;
    for (std::uint32_t i = 0; i < 2; ++i) {
        handed_over h(with_spi(some(aes_sha1), 300 + i));
        at.push_back(b.install(h));
        b.lend(at.back(), h, 9);
    }
    std::vector<ps> took;
    for (const unsigned which : {0u, 0u, 1u, 1u, 0u}) {
        b.put_job(at[which], ip_packet(false, 300));
        b.bell();
        const ps from = b.last_word[0];
        b.run_until_idle();
        REQUIRE(b.take().size() == 1);
        took.push_back(b.last_word[card_bench::own] - from);
    }
    CHECK(took[0] - took[1] == 15 * 30'000);     // Nr + 5 clocks of this core
    CHECK(took[2] == took[0]);
    CHECK(took[3] == took[1]);
    CHECK(took[4] == took[0]);
}

TEST_CASE("Crypto card: entries complete in the order of the ring while engines work side by side") {
    rings::crypto_card_config c;
    ps took[2];
    for (const unsigned engines : {1u, 3u}) {
        c.unit.engines.clear();
        for (unsigned n = 0; n < engines; ++n) c.unit.engines.insert(c.unit.engines.end(), {"3des-area", "sha1"});
        card_bench b(c);
        b.start();
        handed_over h(some(des3_sha1));
        const state::handle at = b.install(h);
        b.lend(at, h, 10);
        const ps from = sim::now();
        std::vector<std::uint64_t> cookies;
        const std::size_t sizes[] = {1'400, 10, 600, 10};
        for (unsigned i = 0; i < 4; ++i) cookies.push_back(b.put_job(at, ip_packet(false, sizes[i]), 0, i));
        b.bell();
        b.run_until_idle();
        took[engines == 3] = b.last_word[card_bench::own] - from;
        const auto all = b.take();
        REQUIRE(all.size() == 4);
        ipsec::association peer(some(des3_sha1));
        for (unsigned i = 0; i < 4; ++i) {
            CHECK(all[i].cookie == cookies[i]);
            CHECK(all[i].sequence == i + 1);
            ipsec::opened o;
            ipsec::work w;
            CHECK(ipsec::unprotect(peer, b.result(all[i], i), o, w) == ipsec::outcome::done);
            CHECK(o.packet == ip_packet(false, sizes[i]));
        }
    }
    CHECK(took[1] < took[0]);
}

TEST_CASE("Crypto card: what changes associations takes its turn") {
    card_bench b;
    b.start();
    handed_over h(some(des3_sha1));
    const state::handle at = b.install(h);
    b.lend(at, h, 10);
    // A job before the removal is done, the one behind it is not; nor does the association come back for it.
    const auto first = b.put_job(at, ip_packet(false, 900), 0, 0);
    rings::command read = make_command(opcode::freeze_and_read, at, 1'000, rings::goes_on);
    read.address = card_bench::results + 5 * card_bench::step;
    const auto look = b.put(read);
    const auto gone = b.put(make_command(opcode::remove, at));
    const auto late = b.put_job(at, ip_packet(false, 900), 0, 1);
    const auto again = b.put_parts(make_command(opcode::install), h.constant);
    b.bell();
    b.run_until_idle();
    const auto all = b.take();
    REQUIRE(all.size() == 5);
    const std::uint64_t order[] = {first, look, gone, late, again};
    for (unsigned i = 0; i < 5; ++i) CHECK(all[i].cookie == order[i]);
    CHECK(all[0].was_executed());
    CHECK(all[1].was_executed());
    ipsec::association read_back(h.host.constants());
    const bytes state = b.result(all[1], 5);
    const std::size_t cached = h.cached.size();
    REQUIRE(state.size() > cached);
    CHECK(read_back.load(state::part::delegated, state.data() + cached, state.size() - cached));
    CHECK(read_back.packets() == 1);
    CHECK(read_back.next_sequence() == 2);
    CHECK(all[2].was_executed());
    CHECK(all[3].reason == reason::stale_handle);
    CHECK(all[4].was_executed());
    CHECK(all[4].handle.generation != at.generation);
}

TEST_CASE("Crypto card: abort in the middle: what is done stays done and each entry completes once") {
    // At every stage of four jobs: while entries are read, engines work, results are written.
    std::size_t done_somewhere = 0, aborted_somewhere = 0;
    for (ps later = 0; later < 80'000'000; later += 1'170'000) {
        card_bench b;
        b.start();
        handed_over h(some(des3_sha1));
        const state::handle at = b.install(h);
        b.lend(at, h, 10);
        std::vector<std::uint64_t> cookies;
        for (unsigned i = 0; i < 4; ++i) cookies.push_back(b.put_job(at, ip_packet(false, 100), 0, i));
        b.bell();
        b.run(later);
        const std::size_t before = b.told();
        b.write(rings::reg::control, rings::control_abort);
        b.run_until_idle();
        CHECK((b.status() & ~rings::status_completion) == rings::status_running);
        const auto all = b.take();
        REQUIRE(all.size() == 4);
        std::uint64_t last = 0;
        for (unsigned i = 0; i < 4; ++i) {
            CHECK(all[i].cookie == cookies[i]);
            if (all[i].was_executed()) {
                CHECK(i <= before + 1);              // one may be done while the register is written
                CHECK(all[i].sequence == last + 1);
                last = all[i].sequence;
                ++done_somewhere;
            } else {
                CHECK(all[i].reason == reason::aborted);
                CHECK(all[i].sequence == 0);
                ++aborted_somewhere;
            }
        }
        // It goes on, and no number of what was aborted is lost.
        const auto next = b.one(b.put_job(at, ip_packet(false, 100)));
        CHECK(next.was_executed());
        CHECK(next.sequence == last + 1);
    }
    CHECK(done_somewhere > 20);
    CHECK(aborted_somewhere > 20);
}

TEST_CASE("Crypto card: abort-all in the ring is for what is before it") {
    card_bench b;
    b.start();
    handed_over h(some(des3_sha1));
    const state::handle at = b.install(h);
    b.lend(at, h, 10);
    b.put_job(at, ip_packet(false, 1'000), 0, 0);
    b.put_job(at, ip_packet(false, 1'000), 0, 1);
    b.put(make_command(opcode::abort_all));
    b.put_job(at, ip_packet(false, 60), 0, 2);
    b.bell();
    b.run_until_idle();
    const auto all = b.take();
    REQUIRE(all.size() == 4);
    CHECK(all[0].reason == reason::aborted);
    CHECK(all[1].reason == reason::aborted);
    CHECK(all[2].was_executed());
    CHECK(all[3].was_executed());
    CHECK(all[3].sequence == 1);
}

TEST_CASE("Crypto card: an abort stops the engines") {
    card_bench b;
    b.start();
    handed_over h(some(des3_sha1));
    const state::handle at = b.install(h);
    b.lend(at, h, 10);
    const auto job = [&](unsigned place) {
        b.put_job(at, ip_packet(false, 40), 0, place);
        b.bell();
        const ps from = b.last_word[0];
        b.run_until_idle();
        return b.last_word[card_bench::own] - from;
    };
    const ps alone = job(0);
    b.put_job(at, ip_packet(false, 1'400), 0, 1);
    b.bell();
    b.run(60'000'000);                           // of 258 us
    b.write(rings::reg::control, rings::control_abort);
    b.run(5'000'000);
    CHECK(b.take().size() == 2);
    CHECK(job(2) == alone);
}

TEST_CASE("Crypto card: after a reset nothing is written and nothing is left") {
    for (const bool line : {false, true}) {
        card_bench b;
        b.start();
        handed_over h(some(des3_sha1));
        const state::handle at = b.install(h);
        b.lend(at, h, 10);
        for (unsigned i = 0; i < 4; ++i) b.put_job(at, ip_packet(false, 400), 0, i);
        b.bell();
        b.run(100'000'000);
        if (line) {
            b.bus.rst().drive(true, sim::now());
            b.run(1'000'000);
            b.bus.rst().drive(false, sim::now());
            b.set_up();
        } else {
            b.write(rings::reg::control, rings::control_reset);
        }
        b.run(1'000'000);
        const std::size_t before = b.written.size();
        b.run_until_idle();
        CHECK(b.written.size() == before);
        CHECK_FALSE(b.interrupt);
        CHECK(b.status() == 0);
        CHECK(b.read(rings::reg::command_size) == 0);
        CHECK(b.card.unit().associations().size() == 0);
        CHECK(b.card.unit().inside() == 0);
        const auto told = b.take().size();
        CHECK(told > 0);
        CHECK(told < 4);
        b.start();
        CHECK(b.one(b.put_job(at, ip_packet(false, 40))).reason == reason::stale_handle);
        const state::handle again = b.install(h);
        CHECK(again);
        CHECK(again != at);
    }
}

TEST_CASE("Crypto card: a full completion ring holds it up and loses nothing") {
    card_bench b({}, 8, 2);
    b.start();
    for (int i = 0; i < 6; ++i) b.put(make_command(opcode::remove, {1, 1}));
    b.bell();
    b.run_until_idle();
    CHECK(b.read(rings::reg::command_head) == 2);
    std::vector<std::uint64_t> cookies;
    for (int round = 0; round < 3; ++round) {
        for (const auto& c : b.take()) {
            cookies.push_back(c.cookie);
            CHECK(c.reason == reason::stale_handle);
        }
        b.run_until_idle();
    }
    CHECK(cookies == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("Crypto card: an abort on the bus is told for what is read and fatal for the rings") {
    card_bench b;
    b.start();
    handed_over h(some(des3_sha1));
    const state::handle at = b.install(h);
    b.lend(at, h, 10);
    constexpr std::uint64_t nowhere = 0x70000000;
    rings::command c = make_command(opcode::process_and_return, at, rings::entry_octets);
    c.address = nowhere;
    CHECK(b.one(b.put(c)).reason == reason::bus_error);
    c = make_command(opcode::install, {}, 100);
    c.address = nowhere;
    CHECK(b.one(b.put(c)).reason == reason::bus_error);
    b.memory.abort_at = card_bench::packets;
    CHECK(b.one(b.put_job(at, ip_packet(false, 100))).reason == reason::bus_error);
    b.memory.abort_at = card_bench::results;
    const auto lost = b.one(b.put_job(at, ip_packet(false, 100)));
    CHECK(lost.was_executed());
    CHECK(lost.reason == reason::bus_error);
    CHECK(lost.sequence == 1);
    b.memory.abort_at = card_bench::commands + b.posted % b.entries * rings::entry_octets;
    b.put_job(at, ip_packet(false, 100));
    b.write(rings::reg::interrupt_enable, rings::status_dead);
    CHECK_FALSE(b.interrupt);
    b.bell();
    b.run_until_idle();
    CHECK((b.status() & ~rings::status_completion) == rings::status_dead);
    CHECK(b.interrupt);
    CHECK(b.take().empty());
}

TEST_CASE("Crypto card: a completion that cannot be written is the end until a reset") {
    card_bench b;
    b.start();
    b.memory.abort_at = card_bench::completions + rings::entry_octets;
    for (int i = 0; i < 3; ++i) b.put(make_command(opcode::remove, {1, 1}));
    b.bell();
    b.run_until_idle();
    CHECK((b.status() & ~rings::status_completion) == rings::status_dead);
    CHECK(b.take().size() == 1);
    b.write(rings::reg::control, rings::control_run);
    CHECK((b.status() & rings::status_running) == 0);
    b.write(rings::reg::control, rings::control_reset);
    b.memory.abort_at = UINT64_MAX;
    b.start();
    CHECK(b.one(b.put(make_command(opcode::remove, {1, 1}))).reason == reason::stale_handle);
}

TEST_CASE("Crypto card: its slice of identifications is used from its first on") {
    card_bench b;
    b.write(rings::reg::identifications, 0x8000 | 0x4000u << 16);
    b.start();
    CHECK(b.status() == rings::status_running);
    handed_over h(some(des3_sha1, ipsec::association_mode::tunnel));
    const state::handle at = b.install(h);
    b.lend(at, h, 9);
    for (unsigned i = 0; i < 2; ++i) {
        const bytes sent = b.result(b.one(b.put_job(at, ip_packet(false, 100))));
        REQUIRE(sent.size() > 6);
        CHECK(packet::get16(&sent[4]) == 0x8000 + i);
    }
    b.write(rings::reg::control, rings::control_reset);
    b.write(rings::reg::identifications, 0xC000 | 0x4001u << 16);      // one beyond 16 bits
    b.start();
    CHECK(b.status() == rings::status_refused);
}

TEST_CASE("Crypto card: no card with these") {
    rings::crypto_card_config c;
    c.unit.able.command_depth = 100;
    CHECK(rings::refusal(c) == "a ring of 100 entries; they are a power of two");
    c = {};
    c.unit.engines = {"rot13"};
    CHECK(rings::refusal(c) == "there is no engine \"rot13\"");
    c.unit.engines = {};
    CHECK(rings::refusal(c) == "no engines");
}
