// The face apart from time: each opcode, each reason, leases and state that go in and come out, and keys that do not.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "bench.h"

using namespace nicteam;
using namespace nicteam::test;
using ipsec::authentication_kind;
using ipsec::cipher_kind;

namespace {

bool contains(const bytes& where, const bytes& key, std::size_t from, std::size_t n) {
    const auto begin = key.begin() + static_cast<std::ptrdiff_t>(from);
    return std::search(where.begin(), where.end(), begin, begin + static_cast<std::ptrdiff_t>(n)) != where.end();
}
bool shows_a_key(const bytes& where, const ipsec::keys& k) {
    constexpr std::size_t enough = 4;
    for (const bytes* key : {&k.cipher, &k.authentication})
        for (std::size_t i = 0; i + enough <= key->size(); ++i)
            if (contains(where, *key, i, enough)) return true;
    return false;
}

}  // namespace

TEST_CASE("Processor: an association installed protects and opens as the software path does") {
    for (const ipsec::algorithms& a : {des3_sha1, aes_sha1, gcm}) {
        processor_bench b;
        handed_over h(some(a, ipsec::association_mode::tunnel));
        const auto in = b.install(h.constant);
        REQUIRE(in.completion.was_executed());
        const state::handle at = in.completion.handle;
        REQUIRE(b.lend(at, h.lease(3)).completion.was_executed());
        const bytes plain = ip_packet(false, 333);
        const auto out = b.job(at, plain);
        REQUIRE(out.completion.was_executed());
        CHECK(out.completion.verdict == 0);
        CHECK(out.completion.sequence == 1);
        CHECK(out.completion.length == out.written.size());
        ipsec::association peer(some(a, ipsec::association_mode::tunnel));
        ipsec::opened opened;
        ipsec::work took;
        REQUIRE(ipsec::unprotect(peer, out.written, opened, took) == ipsec::outcome::done);
        CHECK(opened.packet == plain);
        const auto back = b.job(at, out.written, rings::inbound);
        CHECK(back.written == plain);
        CHECK(back.completion.sequence == 1);
        const auto again = b.job(at, out.written, rings::inbound);
        CHECK(again.completion.was_executed());
        CHECK(again.completion.verdict == static_cast<unsigned>(ipsec::outcome::replayed));
        CHECK(again.written.empty());
    }
}

TEST_CASE("Processor: counter modes give the same octets as the host's own path") {
    processor_bench b;
    handed_over h(some(gcm));
    const state::handle at = b.install(h.constant).completion.handle;
    b.lend(at, h.lease(1));
    ipsec::association software(h.host.constants());
    REQUIRE(software.take({1, 1}));
    const bytes plain = ip_packet(false, 100);
    CHECK(b.job(at, plain).written == protect_next(software, plain).packet);
}

TEST_CASE("Processor: unknown opcodes, flags and lengths are refused before anything is read") {
    processor_bench b;
    const state::handle at = b.install(some(des3_sha1)).completion.handle;
    for (unsigned o = 0; o < 256; ++o) {
        const auto why = b.unit.check(make_command(static_cast<opcode>(o), at));
        CHECK((why == reason::unknown_opcode) == (o == 0 || o > 8));
    }
    for (const rings::opcode_row& r : rings::opcodes)
        for (unsigned f = 1; f < 256; f *= 2) {
            const auto why = b.unit.check(make_command(r.code, at, 0, f));
            if (!(r.flags & f)) CHECK(why == reason::unknown_flag);
        }
    rings::command c = make_command(opcode::remove, at);
    c.reserved = 1;
    CHECK(b.unit.check(c) == reason::unknown_flag);
    CHECK(b.unit.check(make_command(opcode::remove, at, 1)) == reason::bad_length);
    CHECK(b.unit.check(make_command(opcode::install, {}, 0)) == reason::bad_length);
    CHECK(b.unit.check(make_command(opcode::install, {}, rings::largest_window)) == reason::bad_length);
    CHECK(b.unit.check(make_command(opcode::change, at, 15, rings::lends)) == reason::bad_length);
    CHECK(b.unit.check(make_command(opcode::process_and_return, at, 31)) == reason::bad_length);
    CHECK(b.unit.check(make_command(opcode::abort_all, {}, 4)) == reason::bad_length);
    CHECK(b.unit.check(make_command(opcode::abort_all)) == reason::none);
    CHECK(b.unit.check(make_command(opcode::process_and_transmit, at, 32)) == reason::no_transmitter);
    CHECK(b.unit.check(make_command(opcode::process_and_return, at, 32, rings::inbound | rings::numbered)) == reason::unknown_flag);
    CHECK(b.unit.check(make_command(opcode::process_and_return, at, 32, rings::verify_only)) == reason::unknown_flag);
    rings::capability out_only = usual_capability();
    out_only.uses = rings::secondary_out;
    processor_bench half(out_only);
    CHECK(half.unit.check(make_command(opcode::process_and_return, at, 32, rings::inbound)) == reason::no_such_use);
}

TEST_CASE("Processor: an association that cannot be is refused with its reason and leaves nothing") {
    processor_bench b;
    const auto refused = [&](reason why, ipsec::association_parameters p, const ipsec::keys* k = nullptr) {
        if (k) p.keys = *k;
        ipsec::constant_parameters c;
        c.parameters = p;
        bytes parts;
        ipsec::write_constant(c, parts);
        const auto o = b.install(parts);
        INFO(rings::name(why) << ", got " << rings::name(o.completion.reason));
        CHECK(o.has(why));
        CHECK_FALSE(o.completion.was_executed());
        CHECK_FALSE(o.completion.handle);
        CHECK(b.associations().size() == 0);
    };
    auto bare = some(des3_sha1);
    bare.algorithms = {};
    bare.keys = {};
    bare.replay_window = 0;
    refused(reason::null_with_null, bare);
    auto pair = some(gcm);
    pair.algorithms.authentication = authentication_kind::hmac_sha1_96;
    refused(reason::unsupported_pair, pair);
    ipsec::keys k = keys_for(des3_sha1);
    k.cipher.pop_back();
    refused(reason::wrong_key_length, some(des3_sha1), &k);
    k = keys_for(des3_sha1);
    k.authentication.push_back(1);
    refused(reason::wrong_key_length, some(des3_sha1), &k);
    k = keys_for(des3_sha1);
    std::fill_n(k.cipher.begin(), 8, std::uint8_t{1});                                   // FIPS 74, the first weak key
    refused(reason::weak_key, some(des3_sha1), &k);
    k = keys_for(des3_sha1);
    std::copy_n(k.cipher.begin(), 8, k.cipher.begin() + 8);
    refused(reason::weak_key, some(des3_sha1), &k);
    refused(reason::unsupported_algorithm, some({cipher_kind::aes_cbc, authentication_kind::hmac_sha2_512_256}));
    refused(reason::unsupported_algorithm, some(aes_sha1, ipsec::association_mode::transport, false, ipsec::security_protocol::esp, 24));
    refused(reason::bad_parameter, with_spi(some(des3_sha1), 255));
    bytes cut = handed_over(some(des3_sha1)).constant;
    cut.pop_back();
    CHECK(b.install(cut).has(reason::malformed));
    CHECK(b.install(handed_over(some(des3_sha1)).cached).has(reason::malformed));
    bytes twice = handed_over(some(des3_sha1)).constant;
    CHECK(b.install(joined(twice, twice)).has(reason::malformed));
    CHECK(b.associations().size() == 0);
}

TEST_CASE("Processor: duplicate SPI, full table, and a slot that is used again") {
    processor_bench b;
    std::vector<state::handle> at;
    for (std::uint32_t i = 0; i < 4; ++i) at.push_back(b.install(with_spi(some(des3_sha1), 300 + i)).completion.handle);
    CHECK(b.install(with_spi(some(des3_sha1), 301)).has(reason::duplicate_spi));
    CHECK(b.install(with_spi(some(des3_sha1), 304)).has(reason::table_full));
    CHECK(b.run(make_command(opcode::remove, at[1])).completion.was_executed());
    CHECK(b.run(make_command(opcode::remove, at[1])).has(reason::stale_handle));
    const state::handle again = b.install(with_spi(some(des3_sha1), 305)).completion.handle;
    CHECK(again.index == at[1].index);
    CHECK(again.generation != at[1].generation);
    CHECK(b.job(at[1], ip_packet(false, 10)).has(reason::stale_handle));
    CHECK(b.job(again, ip_packet(false, 10)).has(reason::no_number));
    b.unit.reset();
    for (const state::handle h : at) CHECK(b.job(h, ip_packet(false, 10)).has(reason::stale_handle));
    CHECK(b.install(with_spi(some(des3_sha1), 300)).completion.handle != at[0]);
}

TEST_CASE("Processor: numbers are lent or brought by the job, and used once") {
    processor_bench b;
    handed_over h(some(gcm));
    const state::handle at = b.install(h.constant).completion.handle;
    const bytes plain = ip_packet(false, 40);
    std::set<std::uint64_t> used;
    const auto uses = [&](const rings::outcome_of_entry& o) {
        REQUIRE(o.completion.was_executed());
        CHECK(used.insert(o.completion.sequence).second);
    };
    CHECK(b.job(at, plain).has(reason::no_number));
    b.lend(at, h.lease(2));
    uses(b.job(at, plain));
    CHECK(b.job(at, plain, rings::numbered, 2'048, 9).has(reason::number_refused));      // a lease is open
    uses(b.job(at, plain));
    CHECK(b.job(at, plain).has(reason::no_number));
    CHECK(b.job(at, plain, rings::numbered, 2'048, 2).has(reason::number_refused));      // has been
    uses(b.job(at, plain, rings::numbered, 2'048, 9));
    CHECK(used.count(9));
    bytes old(16, 0);
    old[0] = 9, old[8] = 20;
    CHECK(b.lend(at, old).has(reason::number_refused));
    // The last number of 32 bits, and none behind it.
    uses(b.job(at, plain, rings::numbered, 2'048, 0xFFFFFFFF));
    CHECK(b.job(at, plain).has(reason::exhausted));
}

TEST_CASE("Processor: frozen it works no more - what it had comes back and goes on elsewhere") {
    processor_bench first, second;
    handed_over h(some(des3_sha1));
    const state::handle at = first.install(h.constant).completion.handle;
    first.lend(at, h.lease(5));
    const bytes plain = ip_packet(false, 100);
    const bytes sent = first.job(at, plain).written;
    first.job(at, sent, rings::inbound);

    CHECK(first.run(make_command(opcode::freeze_and_read, at, 10)).has(reason::no_room));
    CHECK(first.job(at, sent, rings::inbound).completion.was_executed());                // still its own
    const auto look = first.run(make_command(opcode::freeze_and_read, at, 1'000, rings::goes_on));
    REQUIRE(look.completion.was_executed());
    const auto frozen = first.run(make_command(opcode::freeze_and_read, at, 1'000));
    CHECK(look.written == frozen.written);
    CHECK(frozen.completion.length == frozen.written.size());
    CHECK_FALSE(shows_a_key(frozen.written, h.host.parameters().keys));
    CHECK(first.job(at, plain).has(reason::frozen));
    CHECK(first.lend(at, h.lease(5)).has(reason::frozen));

    // Moved: the window and the rest of the lease go with it.
    const auto moved = second.install(joined(h.constant, frozen.written));
    REQUIRE(moved.completion.was_executed());
    CHECK(second.job(moved.completion.handle, plain).completion.sequence == 2);
    CHECK(second.job(moved.completion.handle, sent, rings::inbound).completion.verdict == static_cast<unsigned>(ipsec::outcome::replayed));

    // Or given back to the one that it came from.
    const bytes state = frozen.written;
    CHECK(first.run(make_command(opcode::change, at, static_cast<std::uint32_t>(state.size())), state).completion.was_executed());
    CHECK(first.job(at, plain).completion.sequence == 2);
    CHECK(first.run(make_command(opcode::change, at, static_cast<std::uint32_t>(state.size())), state).has(reason::not_frozen));
    first.run(make_command(opcode::freeze_and_read, at, 1'000));
    CHECK(first.run(make_command(opcode::change, at, static_cast<std::uint32_t>(state.size())), state).has(reason::bad_parameter));   // 2 again
    CHECK(first.job(at, plain).has(reason::frozen));
}

TEST_CASE("Processor: a change is taken whole or not at all") {
    processor_bench b;
    handed_over h(some(des3_sha1));
    const state::handle at = b.install(h.constant).completion.handle;
    ipsec::cached_parameters c = h.host.cached();
    c.path_mtu = 1'400;
    bytes good;
    ipsec::write_cached(c, good);
    CHECK(b.run(make_command(opcode::change, at, static_cast<std::uint32_t>(good.size())), good).completion.was_executed());
    CHECK(b.associations().find(at)->cached().path_mtu == 1'400);
    c.path_mtu = 60;
    bytes bad;
    ipsec::write_cached(c, bad);
    CHECK(b.run(make_command(opcode::change, at, static_cast<std::uint32_t>(bad.size())), bad).has(reason::bad_parameter));
    c.path_mtu = 1'300;
    bytes next;
    ipsec::write_cached(c, next);
    const bytes two = joined(next, bytes(20, 0xEE));
    CHECK(b.run(make_command(opcode::change, at, static_cast<std::uint32_t>(two.size())), two).has(reason::malformed));
    CHECK(b.associations().find(at)->cached().path_mtu == 1'400);
}

TEST_CASE("Processor: room and length are looked at before a number is spent") {
    processor_bench b;
    handed_over h(some(des3_sha1, ipsec::association_mode::tunnel));
    const state::handle at = b.install(h.constant).completion.handle;
    b.lend(at, h.lease(3));
    const bytes plain = ip_packet(false, 100);
    const std::size_t size = ipsec::protected_size(h.host.parameters(), plain.size(), 20);
    CHECK(b.job(at, plain, 0, static_cast<std::uint32_t>(size - 1)).has(reason::no_room));
    CHECK(b.job(at, ip_packet(false, 2'030), 0, 4'096).has(reason::too_long));            // grows beyond
    CHECK(b.job(at, ip_packet(false, 2'040), 0, 4'096).has(reason::too_long));
    CHECK(b.job(at, {}).has(reason::bad_length));
    const auto o = b.job(at, plain, 0, static_cast<std::uint32_t>(size));
    CHECK(o.completion.sequence == 1);
    CHECK(o.written.size() == size);
    CHECK(b.job(at, o.written, rings::inbound, static_cast<std::uint32_t>(size - 1)).has(reason::no_room));
    const auto junk = b.job(at, bytes(60, 0x11));
    CHECK(junk.completion.was_executed());
    CHECK(junk.completion.verdict == static_cast<unsigned>(ipsec::outcome::malformed));
    CHECK(b.job(at, plain).completion.sequence == 2);
}

TEST_CASE("Processor: verify only leaves the window to the host and tells the number") {
    processor_bench b;
    handed_over h(some(des3_sha1));
    const state::handle at = b.install(h.constant).completion.handle;
    b.lend(at, h.lease(3));
    const bytes sent = b.job(at, ip_packet(false, 50)).written;
    for (int i = 0; i < 2; ++i) {
        const auto o = b.job(at, sent, rings::inbound | rings::verify_only);
        CHECK(o.completion.verdict == 0);
        CHECK(o.completion.sequence == 1);
    }
    bytes flipped = sent;
    flipped.back() ^= 1;
    const auto bad = b.job(at, flipped, rings::inbound | rings::verify_only);
    CHECK(bad.completion.was_executed());
    CHECK(bad.completion.verdict == static_cast<unsigned>(ipsec::outcome::bad_icv));
    CHECK(bad.completion.sequence == 1);
    CHECK(bad.written.empty());
}

TEST_CASE("Processor: verify only follows extended numbers past 2^32 without a window of its own") {
    constexpr std::uint64_t two_32 = std::uint64_t{1} << 32;
    auto p = some(aes_sha1);
    p.extended_sequence = true;
    processor_bench b;
    const state::handle at = b.install(p).completion.handle;
    ipsec::association peer(p);
    const auto arrives = [&](const bytes& sent) { return b.job(at, sent, rings::inbound | rings::verify_only).completion; };
    bytes earlier;
    for (const std::uint64_t start : {two_32 - 4, 2 * two_32 - 9'000'000, 2 * two_32 - 3}) {      // by at most half of the numbers at once
        for (std::uint64_t from = peer.next_sequence(); from + two_32 / 2 < start; from += two_32 / 2) {
            peer.start_after(from + two_32 / 2 - 1);
            CHECK(arrives(protect_next(peer, ip_packet(false, 50)).packet).verdict == 0);
        }
        peer.start_after(start - 1);
        for (std::uint64_t n = start; n < start + 6; ++n) {
            const sent s = protect_next(peer, ip_packet(false, 50));
            REQUIRE(s.sequence == n);
            bytes forged = s.packet;
            forged.back() ^= 1;
            CHECK(arrives(forged).verdict == static_cast<unsigned>(ipsec::outcome::bad_icv));
            const auto c = arrives(s.packet);
            CHECK(c.verdict == 0);
            CHECK(c.sequence == n);
            if (!earlier.empty()) CHECK(arrives(earlier).verdict == 0);      // late by one or a copy: the window is the host's
            earlier = n + 1 < start + 6 ? s.packet : bytes();
        }
    }
    CHECK(b.associations().find(at)->window.highest() == 0);
}

TEST_CASE("Processor: lifetimes end an association softly and then hard") {
    processor_bench b;
    auto p = some(des3_sha1);
    p.soft.packets = 2, p.hard.packets = 3;
    handed_over h(p);
    const state::handle at = b.install(joined(h.constant, h.cached)).completion.handle;
    b.lend(at, h.lease(9));
    const auto soft = [&] { return (b.job(at, ip_packet(false, 50)).completion.flags & rings::soft_expired) != 0; };
    CHECK_FALSE(soft());
    CHECK(soft());
    CHECK(soft());
    CHECK(b.job(at, ip_packet(false, 50)).has(reason::expired));
}

TEST_CASE("Face: a window is as large as the unit has, and nothing of a larger one is made") {
    processor_bench b;
    ipsec::association_parameters p = some(des3_sha1);
    p.replay_window = rings::largest_window;
    handed_over h(p);
    h.host.save(state::part::delegated, h.delegated);
    CHECK(b.install(joined(joined(h.constant, h.cached), h.delegated)).completion.was_executed());
    p.spi = 0x1002;
    p.replay_window = rings::largest_window + 1;
    CHECK(b.install(p).has(reason::bad_parameter));
    p.replay_window = 1u << 31;
    CHECK(b.install(p).has(reason::bad_parameter));
    CHECK(b.associations().size() == 1);
}
