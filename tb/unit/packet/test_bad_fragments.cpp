// Fragments as attackers and broken senders make them, each with its counter; and the grid of orders, sizes and fragment sizes.
#include <catch2/catch.hpp>

#include <algorithm>
#include <tuple>

#include "datagrams.h"
#include "nicteam/base/random_stream.h"
#include "nicteam/packet/checksum.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/icmp_error.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/reassembly.h"
#include "nicteam/packet/transport.h"

using namespace nicteam;
using namespace nicteam::packet;
using namespace nicteam::test;
using step = reassembly_step;

namespace {

bytes piece(std::size_t offset, const bytes& payload, bool more, std::uint16_t identification = 1,
            std::uint8_t protocol = ip_protocol::udp) {
    bytes d = datagram(false, payload, identification, protocol);
    put16(&d[6], static_cast<std::uint16_t>(offset / 8 | (more ? 0x2000 : 0)));
    finish_ip(d);
    return d;
}

bytes part(std::size_t from, std::size_t n) {
    const bytes p = pattern(from + n);
    return {p.begin() + static_cast<std::ptrdiff_t>(from), p.end()};
}

// `add` says so and its counter moves by one, no other.
void told(reassembler& r, const bytes& fragment, step expected, std::uint64_t scope = 0) {
    const std::uint64_t before = r.counted(expected);
    CAPTURE(name(expected));
    CHECK(name(r.add(fragment, 0, 0, scope)) == std::string(name(expected)));
    CHECK(r.counted(expected) == before + 1);
}

}  // namespace

TEST_CASE("chains of overlaps and gaps are one lost datagram each") {
    SECTION("newtear: the inner fragment is padded") {
        reassembler r;
        told(r, piece(0, part(0, 48), true), step::held);
        told(r, piece(24, part(24, 20), false), step::conflict);
        told(r, piece(48, part(48, 8), true), step::poisoned);
    }
    SECTION("bonk: the second begins beyond the first and ends within") {
        reassembler r;
        told(r, piece(0, part(0, 40), true), step::held);
        told(r, piece(32, part(32, 4), false), step::conflict);
    }
    SECTION("boink: the same on a thousand ports holds no more than it may") {
        reassembly_limits l;
        l.contexts = 64;
        reassembler r(l);
        for (std::uint16_t port = 0; port < 1'000; ++port) {
            bytes first = part(0, 40);
            put16(&first[2], port);
            told(r, piece(0, first, true, port), step::held);
            told(r, piece(32, part(32, 4), false, port), step::conflict);
            REQUIRE(r.contexts() <= 64);
            REQUIRE(r.held() == 0);
        }
    }
    SECTION("nestea: each fragment overlaps the one before by a unit") {
        reassembler r, first(reassembly_limits{}, first_wins()), last(reassembly_limits{}, last_wins());
        step s{}, t{};
        for (std::size_t k = 0; k < 10; ++k) {
            const bytes f = piece(k * 16, part(k * 16, 24), k < 9);
            if (k < 2) told(r, f, k ? step::overlap : step::held);
            else told(r, f, step::poisoned);
            s = first.add(f, 0);
            t = last.add(f, 0);
        }
        CHECK(s == step::complete);
        CHECK(t == step::complete);
        CHECK(first.result().datagram == datagram(false, pattern(168)));
        CHECK(last.result().datagram == datagram(false, pattern(168)));
    }
}

TEST_CASE("fragments whose length tells more than is there are malformed before anything is held") {
    reassembler r;
    const bytes good = piece(8, part(8, 16), true);
    for (const std::size_t told_length : {0u, 19u, 37u, 65'535u}) {
        bytes bad = good;
        put16(&bad[2], static_cast<std::uint16_t>(told_length));
        put16(&bad[10], 0);
        put16(&bad[10], internet_checksum(octets(bad).first(20)));
        told(r, bad, step::malformed);
    }
    for (const unsigned words : {0u, 4u, 10u, 15u}) {      // a header shorter than any, longer than the datagram
        bytes bad = good;
        bad[0] = static_cast<std::uint8_t>(0x40 | words);
        told(r, bad, step::malformed);
    }
    told(r, piece(65'520, {}, false), step::malformed);
    CHECK(r.contexts() == 0);
    CHECK(r.counted(step::malformed) == 9);
    bytes reserved = piece(0, part(0, 16), true);
    reserved[6] |= 0x80;                                   // RFC 791 asks senders for 0; nobody loses a datagram over it
    finish_ip(reserved);
    told(r, reserved, step::held);
}

TEST_CASE("a fragment with a bad header checksum is lost and its datagram times out") {
    reassembler r;
    const bytes p = pattern(48);
    told(r, piece(0, part(0, 16), true), step::held);
    bytes bad = piece(16, part(16, 16), true);
    bad[10] ^= 1;
    told(r, bad, step::malformed);
    told(r, piece(32, part(32, 16), false), step::held);
    r.expire(reassembly_limits{}.timeout);
    CHECK(r.timed_out() == 1);
    CHECK(r.evicted() == 0);
    CHECK(r.held() == 0);
}

TEST_CASE("who sent a first fragment is told of its time-out and nobody else is") {
    for (const bool six : {false, true}) {
        std::vector<bytes> pieces;
        REQUIRE(fragment(datagram(six, pattern(2'000)), 1'280, 7, pieces) == fragment_result::fragmented);
        for (std::size_t k = 0; k < 2; ++k) {
            reassembler r;
            CHECK(r.add(pieces[k], 0) == step::held);
            r.expire(reassembly_limits{}.timeout);
            const auto gone = r.take_expired();
            REQUIRE(gone.size() == 1);
            CHECK(gone[0].timed_out);
            if (k) {
                CHECK(gone[0].first_fragment.empty());
                continue;
            }
            const bytes message = make_icmp_error(gone[0].first_fragment, icmp_reason::reassembly_timeout, six ? b6 : b4);
            const auto v = ip_view::parse(message);
            REQUIRE(v);
            CHECK(v->destination == (six ? a6 : a4));
            CHECK(v->payload[0] == (six ? 3 : 11));
            CHECK(v->payload[1] == 1);
        }
    }
}

TEST_CASE("the header of a datagram is that of its first fragment whatever others have") {
    // Options: record route (not copied) in the first, a strict source route (copied) in both.
    bytes d = datagram(false, pattern(64));
    const bytes options{7, 7, 4, 0, 0, 0, 0, 137, 7, 4, 192, 0, 2, 9, 0, 0};
    d.insert(d.begin() + 20, options.begin(), options.end());
    d[0] = 0x49;
    finish_ip(d);
    std::vector<bytes> pieces;
    REQUIRE(fragment(d, 68, 0, pieces) == fragment_result::fragmented);
    REQUIRE(pieces.size() == 2);
    CHECK(pieces[1].size() - ip_view::parse(pieces[1])->payload.size == 28);
    for (const bool turned : {false, true}) {
        if (turned) std::swap(pieces[0], pieces[1]);
        reassembler r;
        told(r, pieces[0], step::held);
        told(r, pieces[1], step::complete);
        CHECK(r.result().datagram == d);
    }
}

TEST_CASE("IPv6 chains that nest or end early or are unknown are taken or refused by their shape alone") {
    const bytes p = pattern(64);
    std::vector<bytes> pieces;
    REQUIRE(fragment(datagram(true, p), 88, 9, pieces) == fragment_result::fragmented);
    reassembler r;
    for (std::size_t n = 0; n < 48; ++n) {
        bytes cut(pieces[0].begin(), pieces[0].begin() + static_cast<std::ptrdiff_t>(n));
        told(r, cut, step::malformed);
        if (n < 40) continue;
        finish_ip(cut);      // the length agrees with what is there
        told(r, cut, step::malformed);
    }
    // A fragment header behind a fragment header: the inner one belongs to the datagram and comes up when that is whole.
    bytes nested = pieces[0];
    nested[40] = ip_protocol::fragment;
    told(r, nested, step::held);
    r.expire(reassembly_limits{}.timeout);
    // An extension header that nobody knows ends the chain: its number is the protocol.
    bytes unknown = datagram(true, p, 1, 253);
    CHECK(r.add(unknown, 0) == step::whole);
    CHECK(ip_view::parse(unknown)->protocol == 253);
    CHECK(r.contexts() == 0);
}

TEST_CASE("datagrams of one identification whose pieces are mixed fail above") {
    const auto sealed = [](unsigned salt) {
        bytes u = pattern(2'000, salt);
        put16(&u[4], 2'000);
        put16(&u[6], 0);
        const bytes d = datagram(false, u, 5);
        put16(&u[6], internet_checksum(u, pseudo_header_sum(a4, b4, ip_protocol::udp, u.size())));
        return datagram(false, u, 5);
    };
    std::vector<bytes> one, two;
    REQUIRE(fragment(sealed(0), 1'020, 0, one) == fragment_result::fragmented);
    REQUIRE(fragment(sealed(99), 1'020, 0, two) == fragment_result::fragmented);
    reassembler r;
    told(r, one[0], step::held);
    told(r, two[1], step::complete);
    CHECK(transport_view::of(*ip_view::parse(r.result().datagram)).verdict == transport_verdict::bad_checksum);
    told(r, one[0], step::held);
    told(r, one[1], step::complete);
    CHECK(transport_view::of(*ip_view::parse(r.result().datagram)).verdict == transport_verdict::good);
}

TEST_CASE("congestion marks of IPv6 fragments are joined too") {
    for (const auto& [first, second, joined] : {std::tuple{2u, 2u, 2}, {2u, 3u, 3}, {3u, 1u, 3}, {0u, 0u, 0}, {0u, 3u, -1}, {3u, 0u, -1}}) {
        std::vector<bytes> pieces;
        REQUIRE(fragment(datagram(true, pattern(100)), 120, 9, pieces) == fragment_result::fragmented);
        REQUIRE(pieces.size() == 2);
        pieces[0][1] = static_cast<std::uint8_t>(first << 4);
        pieces[1][1] = static_cast<std::uint8_t>(second << 4);
        reassembler r;
        told(r, pieces[0], step::held);
        told(r, pieces[1], joined < 0 ? step::congestion : step::complete);
        if (joined >= 0) CHECK(ip_view::parse(r.result().datagram)->traffic_class == joined);
    }
}

TEST_CASE("pieces that came by different ways are not of one datagram") {
    const bytes d = datagram(false, pattern(64));
    reassembler r;
    told(r, piece(0, part(0, 32), true), step::held, 0);
    told(r, piece(32, part(32, 32), false), step::held, 1);
    told(r, piece(32, part(32, 32), false), step::held, 2);
    CHECK(r.contexts() == 3);
    told(r, piece(0, part(0, 32), true), step::complete, 1);
    CHECK(r.result().datagram == d);
    told(r, piece(32, part(32, 32), false), step::complete, 0);
    CHECK(r.contexts() == 1);
}

TEST_CASE("what was given up is told with the pieces that were held") {
    reassembler r;
    CHECK(r.add(piece(0, part(0, 32), true), 0, 11) == step::held);
    CHECK(r.add(piece(24, part(24, 32), false), 0, 12) == step::overlap);
    const auto gone = r.take_expired();
    REQUIRE(gone.size() == 1);
    CHECK(gone[0].why == step::overlap);
    CHECK(gone[0].parts == trace_ids{11});
    CHECK(gone[0].first_fragment.empty());
    r.expire(reassembly_limits{}.timeout);
    CHECK(r.take_expired().empty());      // told already
    CHECK(r.timed_out() == 0);

    // The one that completes it is the reason too: marked, and another is not capable (RFC 3168, 5.3).
    bytes marked = piece(32, part(32, 32), false);
    marked[1] = 3;
    finish_ip(marked);
    CHECK(r.add(piece(0, part(0, 32), true), 0, 21) == step::held);
    CHECK(r.add(marked, 0, 22) == step::congestion);
    const auto spoilt = r.take_expired();
    REQUIRE(spoilt.size() == 1);
    CHECK(spoilt[0].parts == trace_ids{21});
}

TEST_CASE("thousands of eight-octet fragments in any order come together within bounds") {
    reassembly_limits l;
    l.fragments = 8'192;
    random_stream random(3, "small", "test");
    reassembler r(l);
    const std::size_t size = 60'000;
    std::vector<std::size_t> order(size / 8);
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(k)]);
    const bytes p = pattern(size);
    std::size_t held = 0;
    for (const std::size_t k : order) {
        const bytes f =
            piece(8 * k, bytes(p.begin() + static_cast<std::ptrdiff_t>(8 * k), p.begin() + static_cast<std::ptrdiff_t>(8 * k + 8)),
                  8 * k + 8 < size);
        const step s = r.add(f, 0);
        held += 8;
        REQUIRE(s == (held == size ? step::complete : step::held));
        REQUIRE(r.held() == (held == size ? 0 : held));
    }
    CHECK(r.result().datagram == datagram(false, p));
    l.held = 4'096;
    reassembler small(l);
    for (std::size_t k = 0; k < 1'000; ++k) small.add(piece(16 * k, part(0, 8), true), 0);
    CHECK(small.held() == 4'096);
    CHECK(small.counted(step::held) == 512);
    CHECK(small.counted(step::no_memory) == 488);
}

TEST_CASE("messages of 1 to 60000 octets in fragments of 8 to 1500 in six orders are whole again") {
    random_stream random(4, "grid", "test");
    std::uint16_t id = 0;
    reassembly_limits l;
    l.fragments = 8'192;
    reassembler r(l);
    for (const bool six : {false, true})
        for (const std::size_t size : {1u, 8u, 9u, 100u, 1'480u, 1'481u, 2'999u, 9'000u, 60'000u})
            for (std::size_t each = 8; each <= 1'500; each += size > 3'000 ? 184 : 56) {
                const bytes d = datagram(six, pattern(size), ++id);
                std::vector<bytes> pieces;
                if (fragment(d, each + (six ? 48 : 20), id, pieces) != fragment_result::fragmented) continue;
                const std::size_t n = pieces.size();
                for (unsigned order = 0; order < 6; ++order) {
                    std::vector<std::size_t> at(n);
                    for (std::size_t k = 0; k < n; ++k) at[k] = k;
                    switch (order) {
                        case 1: std::reverse(at.begin(), at.end()); break;
                        case 2: std::stable_partition(at.begin(), at.end(), [](std::size_t k) { return k % 2 == 1; }); break;
                        case 3: std::stable_partition(at.begin(), at.end(), [](std::size_t k) { return k % 2 == 0; }); break;
                        case 4: std::rotate(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(n / 2), at.end()); break;
                        case 5:
                            for (std::size_t k = n; k > 1; --k) std::swap(at[k - 1], at[random.below(k)]);
                            break;
                        default: break;
                    }
                    for (std::size_t k = 0; k < n; ++k) REQUIRE(r.add(pieces[at[k]], 0) == (k + 1 < n ? step::held : step::complete));
                    REQUIRE(r.result().datagram == d);
                }
            }
    CHECK(r.contexts() == 0);
    CHECK(r.held() == 0);
    CHECK(r.counted(step::complete) > 800);
}
