// Reassembly against a byte-by-byte reference, and the attacks that have names.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

#include "datagrams.h"
#include "nicteam/base/random_stream.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/reassembly.h"

using namespace nicteam;
using namespace nicteam::packet;
using namespace nicteam::test;
using step = reassembly_step;

namespace {

// One IPv4 fragment, made by hand.
bytes piece(std::size_t offset, const bytes& payload, bool more, std::uint16_t identification = 1, std::uint8_t protocol = ip_protocol::udp,
            std::uint8_t tos = 0) {
    bytes d = datagram(false, payload, identification, protocol);
    d[1] = tos;
    put16(&d[6], static_cast<std::uint16_t>(offset / 8 | (more ? 0x2000 : 0)));
    finish_ip(d);
    return d;
}

bytes of(const bytes& b, std::size_t from, std::size_t n) {
    return bytes(b.begin() + static_cast<std::ptrdiff_t>(from), b.begin() + static_cast<std::ptrdiff_t>(from + n));
}

void shuffle(std::vector<bytes>& v, random_stream& r) {
    for (std::size_t i = v.size(); i > 1; --i) std::swap(v[i - 1], v[r.below(i)]);
}

}  // namespace

TEST_CASE("every order of the fragments gives the datagram octet for octet in both versions") {
    random_stream r(1, "reassembly", "order");
    reassembler ra;
    std::uint16_t id = 0;
    for (const bool six : {false, true})
        for (int n = 0; n < 400; ++n) {
            const std::size_t size = n == 0 ? 65'515 - (six ? 40 : 0) : static_cast<std::size_t>(r.between(9, n % 8 ? 6'000 : 60'000));
            const bytes d = datagram(six, pattern(size), ++id);
            std::vector<bytes> pieces;
            const std::size_t header = six ? 48 : 20, mtu = header + 8 * static_cast<std::size_t>(r.between(size > 6'000 ? 150 : 1, 187));
            if (fragment(d, mtu, id, pieces) == fragment_result::whole) continue;
            if (pieces.size() > reassembly_limits{}.fragments) continue;
            switch (r.below(5)) {
                case 0: break;
                case 1: std::reverse(pieces.begin(), pieces.end()); break;
                case 2:
                    std::stable_partition(pieces.begin(), pieces.end(), [&](const bytes& p) { return (&p - pieces.data()) % 2; });
                    break;
                case 3: std::rotate(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(pieces.size() / 2), pieces.end()); break;
                default: shuffle(pieces, r);
            }
            for (std::size_t i = 0; i < pieces.size(); ++i) {
                const step s = ra.add(pieces[i], n * microsecond, i + 1);
                REQUIRE(s == (i + 1 < pieces.size() ? step::held : step::complete));
                if (r.chance(probability_one / 4) && i + 1 < pieces.size())
                    REQUIRE(ra.add(pieces[r.below(i + 1)], n * microsecond) == step::duplicate);
            }
            REQUIRE(ra.result().datagram == d);
            REQUIRE(ra.result().fragments == pieces.size());
            REQUIRE(ra.result().parts.size() == pieces.size());
            REQUIRE(ra.contexts() == 0);
            REQUIRE(ra.held() == 0);
        }
}

// What each policy leaves, kept octet by octet: nothing that the code under test shares.
TEST_CASE("overlaps of any shape are settled as the policy says") {
    random_stream r(2, "reassembly", "overlap");
    const overlap_policy* policies[] = {&discard_all(), &first_wins(), &last_wins()};
    unsigned completed[3] = {}, overlapped = 0, conflicts = 0;
    for (int n = 0; n < 6'000; ++n) {
        const unsigned which = n % 3;
        reassembler ra({}, *policies[which]);
        const std::size_t size = static_cast<std::size_t>(r.between(16, 160));
        std::map<std::size_t, std::uint8_t> held;
        std::vector<std::tuple<std::size_t, bytes, bool>> seen;
        std::optional<std::size_t> end;
        std::size_t reach = 0;
        for (unsigned i = 0; i < 60; ++i) {
            const std::size_t from = 8 * r.below(size / 8 + 1);
            std::size_t length = 1 + r.below(size);
            const bool last = from + length >= size && !r.chance(probability_one / 16);
            if (last && from < size) length = size - from;
            if (r.chance(probability_one / 32)) length += r.below(16);
            if (!last) length = (length + 7) / 8 * 8;
            if (from == 0 && last) continue;      // no fragment
            const bytes octets_here = pattern(length, static_cast<unsigned>(r.below(200)));
            const bool again = !seen.empty() && r.chance(probability_one / 8);
            const auto& [at, data, is_last] = again ? seen[r.below(seen.size())] : seen.emplace_back(from, octets_here, last);
            const step s = ra.add(piece(at, data, !is_last), 0);
            const std::size_t behind = at + data.size();
            // The last fragment's last unit counts as whole.
            const auto known = [&](std::size_t k) {
                return held.count(k) || (end && k >= *end && held.count(*end - 1) && k < (*end + 7) / 8 * 8);
            };
            bool any = false;
            for (std::size_t k = at; k < (behind + 7) / 8 * 8; ++k) any |= known(k);
            if (s == step::duplicate) {
                for (std::size_t k = 0; k < data.size(); ++k) REQUIRE(held.at(at + k) == data[k]);
                continue;
            }
            if (end ? behind > *end || (is_last && behind != *end) : is_last && reach > behind) {
                REQUIRE(s == step::conflict);
                ++conflicts;
                break;
            }
            if (any && which == 0) {
                REQUIRE(s == step::overlap);
                ++overlapped;
                REQUIRE(ra.add(piece(0, pattern(8), true), 0) == step::poisoned);
                REQUIRE(ra.held() == 0);
                break;
            }
            for (std::size_t k = 0; k < data.size(); ++k)
                if (which == 2 || !held.count(at + k)) held[at + k] = data[k];
            if (is_last) end = behind;
            reach = std::max(reach, behind);
            const bool complete = end && held.size() == *end;
            REQUIRE(s == (complete ? step::complete : step::held));
            std::size_t units = 0;
            for (std::size_t k = 0; k < (reach + 7) / 8; ++k) units += held.count(8 * k);
            REQUIRE(ra.held() == (complete ? 0 : 8 * units));
            if (complete) {
                const auto v = *ip_view::parse(ra.result().datagram);
                REQUIRE(v.payload.size == *end);
                for (const auto& [k, octet] : held) REQUIRE(v.payload[k] == octet);
                ++completed[which];
                break;
            }
        }
    }
    CHECK(completed[0] > 20);
    CHECK(completed[1] > 500);
    CHECK(completed[2] > 500);
    CHECK(overlapped > 500);
    CHECK(conflicts > 20);
}

TEST_CASE("attacks that have names end as they must") {
    const bytes p = pattern(2'000);
    SECTION("ping of death: ends beyond 65535") {
        reassembler ra;
        CHECK(ra.add(piece(65'528, of(p, 0, 8), false), 0) == step::oversize);
        CHECK(ra.add(piece(0, of(p, 0, 1'480), true), 0) == step::poisoned);
        reassembler rb;
        CHECK(rb.add(piece(65'512, of(p, 0, 1'480), false), 0) == step::oversize);
        reassembler rc;
        CHECK(rc.add(piece(65'504, of(p, 0, 11), false), 0) == step::held);      // 65,535 with the header
        CHECK(rc.add(piece(65'504, of(p, 0, 12), false, 2), 0) == step::oversize);
    }
    SECTION("a datagram that fits without its header and not with it") {
        reassembler ra({1'024, 64, 4u << 20, 30 * second, 0, true, context_policy::evict_oldest});
        step s = step::held;
        const bytes big = pattern(65'535);
        for (std::size_t at = 0; at < big.size(); at += 1'480)
            s = ra.add(piece(at, of(big, at, std::min<std::size_t>(1'480, big.size() - at)), at + 1'480 < big.size()), 0);
        CHECK(s == step::oversize);
    }
    SECTION("teardrop: a fragment inside another") {
        for (const auto* policy : {&discard_all(), &first_wins(), &last_wins()}) {
            reassembler ra({}, *policy);
            CHECK(ra.add(piece(0, of(p, 0, 40), true), 0) == step::held);
            CHECK(ra.add(piece(24, of(p, 0, 4), false), 0) == step::conflict);
        }
    }
    SECTION("syndrop: overlap by one unit") {
        reassembler ra;
        CHECK(ra.add(piece(0, of(p, 0, 40), true, 1, ip_protocol::tcp), 0) == step::held);
        CHECK(ra.add(piece(32, of(p, 32, 40), false, 1, ip_protocol::tcp), 0) == step::overlap);
    }
    SECTION("jolt2: the same fragment at 65520 for ever") {
        reassembler ra;
        const bytes jolt = piece(65'520, of(p, 0, 8), true);
        CHECK(ra.add(jolt, 0) == step::oversize);
        for (int n = 0; n < 10'000; ++n) REQUIRE(ra.add(jolt, n) == step::poisoned);
        CHECK(ra.held() == 0);
        CHECK(ra.contexts() == 1);
    }
    SECTION("duplicate flood") {
        reassembler ra;
        const bytes same = piece(64, of(p, 0, 800), true);
        CHECK(ra.add(same, 0) == step::held);
        for (int n = 0; n < 10'000; ++n) REQUIRE(ra.add(same, n) == step::duplicate);
        CHECK(ra.held() == 800);
    }
    SECTION("rose: first and last and never the middle") {
        reassembly_limits l;
        l.contexts = 16;
        reassembler ra(l);
        for (std::uint16_t id = 0; id < 1'000; ++id) {
            ra.add(piece(0, of(p, 0, 8), true, id), id);
            ra.add(piece(65'000, of(p, 0, 8), false, id), id);
            REQUIRE(ra.contexts() <= 16);
            REQUIRE(ra.held() <= 16 * 16);
        }
        CHECK(ra.take_expired().size() == 1'000 - 16);
        ra.expire(31 * second);
        CHECK(ra.contexts() == 0);
        CHECK(ra.held() == 0);
    }
    SECTION("tiny first fragment, and TCP flags rewritten at offset 8") {
        reassembly_limits l;
        l.least_first = 20;
        reassembler ra(l);
        CHECK(ra.add(piece(0, of(p, 0, 8), true, 1, ip_protocol::tcp), 0) == step::tiny);
        CHECK(ra.add(piece(0, of(p, 0, 24), true, 2, ip_protocol::tcp), 0) == step::held);
        CHECK(ra.add(piece(8, of(p, 0, 24), false, 3, ip_protocol::tcp), 0) == step::tiny);
        CHECK(ra.add(piece(8, of(p, 0, 24), false, 4, ip_protocol::udp), 0) == step::held);
    }
    SECTION("fragment flood: refuse or evict") {
        reassembly_limits l;
        l.contexts = 4;
        l.when_full = context_policy::refuse_new;
        reassembler refuses(l);
        for (std::uint16_t id = 0; id < 4; ++id) CHECK(refuses.add(piece(0, of(p, 0, 8), true, id), id) == step::held);
        CHECK(refuses.add(piece(0, of(p, 0, 8), true, 4), 4) == step::no_context);
        CHECK(refuses.add(piece(8, of(p, 8, 8), false, 2), 5) == step::complete);
        l.when_full = context_policy::evict_oldest;
        reassembler evicts(l);
        for (std::uint16_t id = 0; id < 5; ++id) CHECK(evicts.add(piece(0, of(p, 0, 8), true, id), id, 10u + id) == step::held);
        const auto gone = evicts.take_expired();
        REQUIRE(gone.size() == 1);
        CHECK(gone[0].parts == trace_ids{10});
        CHECK_FALSE(gone[0].timed_out);
        l.held = 20;
        reassembler small(l);
        CHECK(small.add(piece(0, of(p, 0, 16), true, 1), 0) == step::held);
        CHECK(small.add(piece(0, of(p, 0, 16), true, 2), 0) == step::no_memory);
    }
    SECTION("a first fragment that there is no memory for opens no context") {
        reassembly_limits l;
        l.contexts = 2;
        l.when_full = context_policy::refuse_new;
        l.held = 32;
        reassembler small(l);
        CHECK(small.add(piece(0, of(p, 0, 24), true, 1), 0, 10) == step::held);
        CHECK(small.add(piece(0, of(p, 0, 16), true, 2), 0, 11) == step::no_memory);
        CHECK(small.contexts() == 1);
        CHECK(small.add(piece(0, of(p, 0, 8), true, 3), 1, 12) == step::held);             // the second place is free
        CHECK(small.add(piece(8, of(p, 8, 8), true, 3), 1, 13) == step::no_memory);        // a later one: what is held stays
        CHECK(small.contexts() == 2);
        small.expire(l.timeout + 1);
        const auto gone = small.take_expired();
        REQUIRE(gone.size() == 2);
        CHECK(gone[0].parts == trace_ids{10});
        CHECK(gone[1].parts == trace_ids{12});
        CHECK(small.timed_out() == 2);
    }
    SECTION("identifications that wrap: nothing tells the mix but a checksum above") {
        reassembler ra;
        const bytes other = pattern(2'000, 99);
        CHECK(ra.add(piece(0, of(p, 0, 1'000), true), 0) == step::held);
        CHECK(ra.add(piece(1'000, of(other, 1'000, 1'000), false), 1) == step::complete);
        bytes mixed = of(p, 0, 1'000);
        mixed.insert(mixed.end(), other.begin() + 1'000, other.end());
        CHECK(ra.result().datagram == datagram(false, mixed));
    }
}

TEST_CASE("equal octets in another cut are an overlap and no duplicate") {
    const bytes p = pattern(200);
    const struct {
        std::size_t at, size;
        bool more;
    } cuts[] = {{0, 64, true}, {0, 16, true}, {8, 16, true}, {16, 16, true}, {32, 8, true}, {0, 32, true}, {24, 16, true}};
    for (const auto& c : cuts) {
        CAPTURE(c.at, c.size);
        reassembler ra;
        CHECK(ra.add(piece(0, of(p, 0, 32), true), 0) == step::held);
        CHECK(ra.add(piece(32, of(p, 32, 32), true), 0) == step::held);
        const bool same = (c.at == 0 || c.at == 32) && c.size == 32;
        CHECK(ra.add(piece(c.at, of(p, c.at, c.size), c.more), 0) == (same ? step::duplicate : step::overlap));
    }
    reassembler ra;
    CHECK(ra.add(piece(32, of(p, 32, 30), false), 0) == step::held);
    CHECK(ra.add(piece(32, of(p, 32, 30), false), 0) == step::duplicate);
    bytes other = of(p, 32, 30);
    other[3] ^= 1;
    CHECK(ra.add(piece(32, other, false), 0) == step::overlap);
}

TEST_CASE("most fragments and one more") {
    reassembly_limits l;
    l.fragments = 8;
    const bytes p = pattern(72);
    reassembler ra(l);
    for (std::size_t k = 0; k < 8; ++k) CHECK(ra.add(piece(8 * k, of(p, 8 * k, 8), k < 7), 0) == (k < 7 ? step::held : step::complete));
    for (std::size_t k = 0; k < 9; ++k) CHECK(ra.add(piece(8 * k, of(p, 8 * k, 8), k < 8), 0) == (k < 8 ? step::held : step::too_many));
}

TEST_CASE("no fragment waits longer than its time-out and only a first fragment is reported with its octets") {
    reassembly_limits l;
    l.timeout = 200 * millisecond;
    reassembler ra(l);
    const bytes p = pattern(64);
    CHECK(ra.next_timeout() == never);
    ra.add(piece(0, of(p, 0, 16), true, 1), 5 * millisecond, 7);
    ra.add(piece(16, of(p, 16, 8), true, 1), 90 * millisecond, 8);
    ra.add(piece(32, of(p, 32, 16), false, 2), 10 * millisecond, 9);
    CHECK(ra.next_timeout() == 205 * millisecond);
    ra.expire(205 * millisecond - 1);
    CHECK(ra.contexts() == 2);
    ra.expire(205 * millisecond);
    CHECK(ra.contexts() == 1);
    ra.expire(210 * millisecond);
    const auto gone = ra.take_expired();
    REQUIRE(gone.size() == 2);
    CHECK(gone[0].parts == trace_ids{7, 8});
    CHECK(gone[0].first_fragment == piece(0, of(p, 0, 24), true, 1));
    CHECK(gone[1].first_fragment.empty());
    CHECK(gone[1].parts == trace_ids{9});
    CHECK(ra.held() == 0);
}

TEST_CASE("malformed fragments are refused before a context is made") {
    const bytes p = pattern(64);
    reassembler ra;
    CHECK(ra.add(piece(8, {}, true), 0) == step::malformed);
    CHECK(ra.add(piece(0, of(p, 0, 12), true), 0) == step::malformed);
    bytes bad = piece(0, of(p, 0, 16), true);
    bad[10] ^= 1;
    CHECK(ra.add(bad, 0) == step::malformed);
    for (std::size_t n = 0; n < 36; ++n) CHECK(ra.add(octets(piece(0, of(p, 0, 16), true)).first(n), 0) == step::malformed);
    CHECK(ra.contexts() == 0);
    // DF with MF is unusual and no more.
    bytes both = piece(0, of(p, 0, 16), true);
    both[6] |= 0x40;
    finish_ip(both);
    CHECK(ra.add(both, 0) == step::held);
    CHECK(ra.add(piece(16, of(p, 16, 1), false), 0) == step::complete);
    CHECK(ra.result().datagram == datagram(false, of(p, 0, 17)));
    CHECK(ra.add(datagram(false, p), 0) == step::whole);
}

TEST_CASE("two ends and octets behind the end are conflicts") {
    const bytes p = pattern(200);
    reassembler ra;
    CHECK(ra.add(piece(32, of(p, 32, 8), false), 0) == step::held);
    CHECK(ra.add(piece(48, of(p, 48, 8), false), 0) == step::conflict);
    reassembler rb;
    CHECK(rb.add(piece(64, of(p, 64, 8), true), 0) == step::held);
    CHECK(rb.add(piece(32, of(p, 32, 8), false), 0) == step::conflict);
}

TEST_CASE("protocols keep apart in IPv4 and not in IPv6") {
    const bytes p = pattern(64);
    reassembler ra;
    CHECK(ra.add(piece(0, of(p, 0, 32), true, 5, ip_protocol::esp), 0) == step::held);
    CHECK(ra.add(piece(32, of(p, 32, 32), false, 5, ip_protocol::udp), 0) == step::held);
    CHECK(ra.contexts() == 2);
    std::vector<bytes> six;
    REQUIRE(fragment(datagram(true, p), 88, 9, six) == fragment_result::fragmented);
    six[1][40] = ip_protocol::esp;
    CHECK(ra.add(six[0], 0) == step::held);
    CHECK(ra.add(six[1], 0) == step::complete);
    CHECK(ra.result().datagram == datagram(true, p));      // the first fragment names the protocol
}

TEST_CASE("an IPv6 atomic fragment stands for itself") {
    const bytes p = pattern(64), whole = datagram(true, p);
    std::vector<bytes> pieces;
    REQUIRE(fragment(whole, 88, 9, pieces) == fragment_result::fragmented);
    bytes atomic = whole;
    const bytes header{whole[6], 0, 0, 0, 0, 0, 0, 9};
    atomic[6] = ip_protocol::fragment;
    atomic.insert(atomic.begin() + 40, header.begin(), header.end());
    finish_ip(atomic);
    reassembler ra;
    CHECK(ra.add(pieces[0], 0) == step::held);
    CHECK(ra.add(atomic, 0) == step::complete);
    CHECK(ra.result().datagram == whole);
    CHECK(ra.contexts() == 1);
}

TEST_CASE("congestion marks of fragments are joined as RFC 3168 asks") {
    const bytes p = pattern(48);
    const auto join = [&](std::uint8_t a, std::uint8_t b, std::uint8_t c) -> int {
        reassembler ra;
        ra.add(piece(0, of(p, 0, 16), true, 1, ip_protocol::udp, static_cast<std::uint8_t>(0xB8 | a)), 0);
        ra.add(piece(16, of(p, 16, 16), true, 1, ip_protocol::udp, static_cast<std::uint8_t>(0xB8 | b)), 0);
        const step s = ra.add(piece(32, of(p, 32, 16), false, 1, ip_protocol::udp, static_cast<std::uint8_t>(0xB8 | c)), 0);
        if (s != step::complete) return s == step::congestion ? -1 : -2;
        CHECK((ra.result().datagram[1] & 0xFC) == 0xB8);
        return ra.result().datagram[1] & 3;
    };
    CHECK(join(0, 0, 0) == 0);
    CHECK(join(2, 2, 2) == 2);
    CHECK(join(2, 3, 2) == 3);
    CHECK(join(3, 1, 1) == 3);
    CHECK(join(2, 0, 3) == -1);
    CHECK(join(3, 3, 0) == -1);
}
