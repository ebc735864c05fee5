// The checkers of IPsec, each fed with what keeps its rule and what breaks it.
#include <catch2/catch.hpp>

#include "nicteam/check/conservation.h"
#include "nicteam/check/security_checks.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/ipv4.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using namespace nicteam::check;

namespace {

constexpr packet::ipv4_address here = 0xC000'0201, there = 0xC000'0202;
constexpr trace_id some = 1;

void put(bytes& b, std::uint64_t v, unsigned octets) {
    while (octets--) b.push_back(static_cast<std::uint8_t>(v >> 8 * octets));
}

bytes packet_of(std::uint8_t protocol, const bytes& payload, packet::ipv4_address from = here, packet::ipv4_address to = there) {
    bytes p;
    packet::ipv4_fields f;
    f.source = from;
    f.destination = to;
    f.protocol = protocol;
    f.dont_fragment = false;
    f.identification = 77;
    packet::append_ipv4(p, f, payload.size());
    p.insert(p.end(), payload.begin(), payload.end());
    return p;
}
bytes framed(const bytes& p) {
    bytes f;
    packet::append_ethernet(f, {}, {}, packet::ether_type::ipv4);
    f.insert(f.end(), p.begin(), p.end());
    return f;
}
bytes udp(std::uint16_t from, std::uint16_t to, std::size_t octets = 40, std::uint32_t begins = 0) {
    bytes b;
    put(b, from, 2);
    put(b, to, 2);
    put(b, 8 + octets, 2);
    put(b, 0, 2);
    put(b, begins, 4);
    b.resize(8 + octets, 0x5A);
    return b;
}
bytes esp(std::uint32_t spi, std::uint32_t sequence, std::uint64_t iv) {
    bytes b;
    put(b, spi, 4);
    put(b, sequence, 4);
    put(b, iv, 8);
    b.resize(80, 0xC1);
    return b;
}
bytes ah(std::uint32_t spi, std::uint32_t sequence, std::uint64_t iv, std::uint8_t next, const bytes& inside) {
    bytes b{next, 7, 0, 0};      // 28 + 8 octets: (7 + 2) words
    put(b, spi, 4);
    put(b, sequence, 4);
    put(b, iv, 8);
    b.resize(36, 0xC1);
    b.insert(b.end(), inside.begin(), inside.end());
    return b;
}

struct bench {
    bench() : found(kernel.session(), {}, [] {}) {}
    test::fresh_kernel kernel;
    breaches found;
    std::uint64_t count(checker c) const { return found.count(c); }
};

ipsec::policy means(ipsec::policy_action a, std::uint16_t port = 0) {
    ipsec::policy p;
    p.name = "p";
    p.which.source = {packet::ip_address(here), 32};
    p.which.destination = {packet::ip_address(there), 24};
    if (port) p.which.destination_ports = {port, port};
    p.action = a;
    if (a == ipsec::policy_action::protect) p.bundle = {"a"};
    return p;
}
ipsec::association_parameters association(ipsec::cipher_kind c, ipsec::security_protocol protocol = ipsec::security_protocol::esp) {
    ipsec::association_parameters p;
    p.name = "a";
    p.spi = 0x1000;
    p.protocol = protocol;
    p.source = packet::ip_address(here);
    p.destination = packet::ip_address(there);
    p.algorithms = {c, ipsec::authentication_kind::hmac_sha1_96};
    return p;
}

}  // namespace

TEST_CASE("secrecy: what a policy protects must not leave in the clear and everything else may") {
    bench b;
    secrecy s(b.found, "sender");
    s.add(means(ipsec::policy_action::bypass, 53));
    s.add(means(ipsec::policy_action::protect));
    ipsec::association_parameters in_udp = association(ipsec::cipher_kind::aes_cbc);
    in_udp.udp.emplace();
    s.add(in_udp);
    const auto leaves = [&](const bytes& p) {
        const std::uint64_t before = b.count(checker::secrecy);
        const bytes f = framed(p);
        s.left(f, some, "nic0.wire", 5);
        return b.count(checker::secrecy) - before;
    };
    CHECK(leaves(packet_of(50, esp(0x1000, 1, 1))) == 0);
    CHECK(leaves(packet_of(51, ah(0x1000, 1, 1, 17, udp(1, 2)))) == 0);
    CHECK(leaves(packet_of(17, udp(9, 53))) == 0);
    CHECK(leaves(packet_of(17, udp(4500, 4500, 40, 0x1000))) == 0);
    CHECK(leaves(packet_of(17, udp(9, 9), there, here)) == 0);
    CHECK(leaves(packet_of(17, udp(9, 9), here, 0xC000'0302)) == 0);
    // In the clear.
    CHECK(leaves(packet_of(17, udp(9, 9))) == 1);
    CHECK(leaves(packet_of(17, udp(4500, 4500, 40, 0x2000))) == 1);
    CHECK(leaves(packet_of(1, udp(0x0800, 0))) == 1);
    CHECK(leaves(packet_of(6, bytes(20))) == 1);
    CHECK(leaves(packet_of(99, bytes(20))) == 1);
    const auto pieces_leave = [&](const bytes& whole, bool with_first) {
        std::vector<bytes> pieces;
        const bytes p = whole;
        packet::fragment({p.data(), p.size()}, 68, 0, pieces);
        REQUIRE(pieces.size() > 1);
        std::uint64_t n = 0;
        for (const bytes& piece : pieces)
            if (with_first || &piece != &pieces[0]) n += leaves(piece);
        return n;
    };
    CHECK(pieces_leave(packet_of(17, udp(9, 9, 200)), false) == 0);      // the first, which was not seen, might have shown an SPI
    CHECK(pieces_leave(packet_of(17, udp(9, 9, 200)), true) >= 5);
    CHECK(pieces_leave(packet_of(17, udp(9, 53, 200)), true) == 0);
    CHECK(pieces_leave(packet_of(50, esp(0x1000, 1, 1)), true) == 0);
    secrecy no_udp(b.found, "sender");
    no_udp.add(means(ipsec::policy_action::protect));
    std::vector<bytes> pieces;
    const bytes clear = packet_of(17, udp(9, 9, 200));
    packet::fragment({clear.data(), clear.size()}, 68, 0, pieces);
    const std::uint64_t before = b.count(checker::secrecy);
    no_udp.left(framed(pieces[1]), some, "nic0.wire", 5);
    CHECK(b.count(checker::secrecy) == before + 1);
    CHECK(b.found.outcomes()[static_cast<unsigned>(checker::secrecy)].first ==
          "at 5 ps: packet 0:1 left nic0.wire in the clear: 192.0.2.1 to 192.0.2.2, protocol 17, ports 9 to 9; policy p of sender protects it");
}

TEST_CASE("secrecy: what routers behind the sender tell hosts is theirs and only that") {
    constexpr packet::ipv4_address of_router = 0xC000'0264, dummy = 0xC000'0008;
    constexpr std::uint8_t made_with = 64, icmp_6 = 58;
    constexpr std::uint64_t too_big = 0x0304'0000'0000'0240, unreachable = 0x0301'0000'0000'0000, expired = 0x0B00'0000'0000'0000, echo = 0x0800'0000'0000'0000;
    bench b;
    secrecy s(b.found, "gateway");
    ipsec::policy all;
    all.name = "p";
    all.bundle = {"a"};
    s.add(all);
    const auto leaves = [&](const bytes& f) {
        const std::uint64_t before = b.count(checker::secrecy);
        s.left(f, some, "k0.port", 5);
        return b.count(checker::secrecy) - before;
    };
    const auto told = [&](packet::ipv4_address from, std::uint64_t message, std::uint8_t hops_left, bool piece = false, std::uint8_t protocol = packet::ip_protocol::icmp) {
        bytes m;
        put(m, message, 8);
        m.resize(36, 0x45);
        bytes p = packet_of(protocol, m, from);
        p[8] = hops_left;
        if (piece) p[6] |= 0x20;
        return leaves(framed(p));
    };
    CHECK(told(of_router, too_big, made_with) == 1);          // nobody is behind it
    for (const packet::ipv4_address a : {of_router, dummy}) s.add_router_behind(a, packet::documentation_address(a));
    for (const std::uint64_t message : {too_big, unreachable, expired})
        for (const packet::ipv4_address from : {of_router, dummy}) {
            CHECK(told(from, message, made_with) == 0);       // the farther of the two
            CHECK(told(from, message, made_with - 1) == 0);   // the nearer, through the other
            CHECK(told(from, message, made_with - 2) == 1);   // has come through the sender
        }
    CHECK(told(here, too_big, made_with) == 1);
    CHECK(told(of_router, echo, made_with) == 1);
    CHECK(told(of_router, too_big, made_with, true) == 1);
    CHECK(told(of_router, too_big, made_with, false, 17) == 1);
    const auto told_6 = [&](packet::ipv4_address from, std::uint8_t type, std::uint8_t hops_left) {
        bytes f;
        packet::append_ethernet(f, {}, {}, packet::ether_type::ipv6);
        const auto a = packet::documentation_address(from), to = packet::documentation_address(there);
        put(f, 0x6000'0000, 4);
        f.insert(f.end(), {0, 16, icmp_6, hops_left});
        f.insert(f.end(), a.begin(), a.end());
        f.insert(f.end(), to.begin(), to.end());
        f.push_back(type);
        f.resize(f.size() + 15, 0);
        return leaves(f);
    };
    CHECK(told_6(of_router, 2, made_with - 1) == 0);
    CHECK(told_6(of_router, 2, made_with - 2) == 1);
    CHECK(told_6(of_router, 128, made_with - 1) == 1);
    CHECK(told_6(here, 2, made_with - 1) == 1);
}

TEST_CASE("secrecy: IPv6 and frames with a SNAP header are looked at as well") {
    bench b;
    secrecy s(b.found, "sender");
    ipsec::policy all;
    all.bundle = {"a"};
    s.add(all);
    bytes six(40, 0);
    six[0] = 0x60;
    six[5] = 16 + 8;
    six[6] = 0;                  // hop-by-hop options, then a fragment header that cuts nothing, then UDP
    for (const std::uint8_t next : {44, 17}) six.insert(six.end(), {next, 0, 0, 0, 0, 0, 0, 0});
    six.resize(six.size() + 8, 1);
    bytes f;
    packet::append_ethernet(f, {}, {}, packet::ether_type::ipv6);
    f.insert(f.end(), six.begin(), six.end());
    s.left(f, some, "w", 0);
    CHECK(b.count(checker::secrecy) == 1);
    f[14 + 48] = 50;             // ESP instead
    s.left(f, some, "w", 0);
    CHECK(b.count(checker::secrecy) == 1);
    bytes snap(12, 0);
    const bytes p = packet_of(17, udp(1, 2));
    put(snap, 8 + p.size(), 2);
    put(snap, 0xAAAA'0300'0000'0800, 8);
    snap.insert(snap.end(), p.begin(), p.end());
    s.left(snap, some, "w", 0);
    CHECK(b.count(checker::secrecy) == 2);
    for (std::size_t cut = 0; cut < snap.size(); ++cut) s.left({snap.data(), cut}, some, "w", 0);      // no octet behind its end is looked at
}

TEST_CASE("numbers: once each, in any order, and again only the same frame that was cut") {
    bench b;
    numbers n(b.found, "sender");
    n.add(association(ipsec::cipher_kind::aes_cbc));
    const auto leaves = [&](const bytes& p, bool part = false, std::size_t octets = 0) {
        const std::uint64_t before = b.count(checker::numbers);
        const bytes f = framed(p);
        n.left({f.data(), octets ? octets : f.size()}, part, some, "nic0.wire", 0);
        return b.count(checker::numbers) - before;
    };
    for (const std::uint32_t sequence : {1, 2, 5, 3, 9, 4, 8}) CHECK(leaves(packet_of(50, esp(0x1000, sequence, 7))) == 0);
    for (const std::uint32_t sequence : {1, 2, 5, 3, 9, 4, 8}) CHECK(leaves(packet_of(50, esp(0x1000, sequence, 7))) == 1);
    CHECK(leaves(packet_of(50, esp(0x1001, 1, 7))) == 0);                       // nobody's
    CHECK(leaves(packet_of(50, esp(0x1000, 1, 7), here, here)) == 0);
    CHECK(leaves(packet_of(50, esp(0x1000, 20, 7)), true, 60) == 0);            // cut, and again
    CHECK(leaves(packet_of(50, esp(0x1000, 20, 7)), true, 50) == 0);
    CHECK(leaves(packet_of(50, esp(0x1000, 20, 7))) == 0);
    CHECK(leaves(packet_of(50, esp(0x1000, 20, 7))) == 1);
    CHECK(leaves(packet_of(50, esp(0x1000, 21, 7)), true, 60) == 0);            // cut, and another of its number
    CHECK(leaves(packet_of(50, esp(0x1000, 21, 8))) == 1);
    CHECK(leaves(packet_of(50, esp(0x1000, 22, 7)), true, 60) == 0);            // given up; then it does not come back
    CHECK(leaves(packet_of(50, esp(0x1000, 23, 7))) == 0);
    CHECK(leaves(packet_of(50, esp(0x1000, 22, 7))) == 1);
}

TEST_CASE("numbers: an IV of a counter mode leaves once, that of CBC is nobody's business") {
    for (const auto& [cipher, breach] : {std::pair(ipsec::cipher_kind::aes_cbc, 0u), std::pair(ipsec::cipher_kind::aes_ctr, 1u),
                                         std::pair(ipsec::cipher_kind::aes_gcm_8, 1u), std::pair(ipsec::cipher_kind::aes_gcm_16, 1u)}) {
        bench b;
        numbers n(b.found, "sender");
        n.add(association(cipher));
        const auto leaves = [&](std::uint32_t sequence, std::uint64_t iv) {
            const bytes f = framed(packet_of(50, esp(0x1000, sequence, iv)));
            n.left(f, false, some, "w", 0);
        };
        leaves(1, ~std::uint64_t{0});
        leaves(2, 0);
        CHECK(b.count(checker::numbers) == 0);
        leaves(3, ~std::uint64_t{0});
        CHECK(b.count(checker::numbers) == breach);
    }
    bench b;
    numbers n(b.found, "sender");
    auto gmac = association(ipsec::cipher_kind::null, ipsec::security_protocol::ah);
    gmac.algorithms.authentication = ipsec::authentication_kind::aes_gmac;
    n.add(gmac);
    n.add(association(ipsec::cipher_kind::aes_cbc));
    const auto leaves = [&](std::uint32_t sequence, std::uint64_t iv, std::uint32_t inner) {
        const std::uint64_t before = b.count(checker::numbers);
        const bytes f = framed(packet_of(51, ah(0x1000, sequence, iv, 50, esp(0x1000, inner, 1))));
        n.left(f, false, some, "w", 0);
        return b.count(checker::numbers) - before;
    };
    CHECK(leaves(1, 1, 1) == 0);
    CHECK(leaves(2, 1, 2) == 1);             // the IV of AH
    CHECK(leaves(3, 3, 2) == 1);             // the number of the ESP that AH shows
    CHECK(leaves(3, 4, 4) == 1);
}

TEST_CASE("numbers: an IV of a counter mode leaves once under its key, whichever associations have that") {
    for (const bool same : {true, false}) {
        bench b;
        numbers n(b.found, "sender");
        auto first = association(ipsec::cipher_kind::aes_gcm_16), second = association(ipsec::cipher_kind::aes_ctr);
        first.keys.cipher = second.keys.cipher = bytes(20, 3);
        second.spi = 0x1001;
        if (!same) second.keys.cipher.back() ^= 1;            // another salt
        n.add(first);
        n.add(second);
        for (const std::uint32_t spi : {0x1000u, 0x1001u}) {
            const bytes f = framed(packet_of(50, esp(spi, 1, 7)));
            n.left(f, false, some, "w", 0);
        }
        CHECK(b.count(checker::numbers) == (same ? 1u : 0u));
    }
}

TEST_CASE("numbers: extended ones pass 2^32 and their lower halves come again") {
    for (const bool extended : {true, false}) {
        bench b;
        numbers n(b.found, "sender");
        auto p = association(ipsec::cipher_kind::aes_cbc);
        p.extended_sequence = extended;
        n.add(p);
        const auto leaves = [&](std::uint32_t low) {
            const bytes f = framed(packet_of(50, esp(0x1000, low, 1)));
            n.left(f, false, some, "w", 0);
        };
        for (const std::uint32_t low : {0x7000'0000u, 0xE000'0000u, 0xFFFF'FFFFu, 0u, 1u, 0x7000'0000u}) leaves(low);
        CHECK(b.count(checker::numbers) == (extended ? 0u : 1u));
    }
}

TEST_CASE("numbers are kept as ranges") {
    number_ranges r;
    for (std::uint64_t n = 0; n < 1000; n += 2) CHECK(r.add(n));
    CHECK(r.ranges() == 500);
    for (std::uint64_t n = 1; n < 1000; n += 2) CHECK(r.add(n));
    CHECK(r.ranges() == 1);
    for (std::uint64_t n = 0; n < 1000; ++n) CHECK_FALSE(r.add(n));
    CHECK(r.add(~std::uint64_t{0}));
    CHECK_FALSE(r.add(~std::uint64_t{0}));
    CHECK(r.ranges() == 2);
}

TEST_CASE("admission: what a policy protects rises only if IPsec was taken off it or off what it was made of") {
    bench b;
    const outcome_info taken_off{"taken_off", false, "", true}, joined{"joined", false, "", true}, other{"delivered", false, ""};
    openings o;
    admission a(b.found, o, "host");
    a.add(means(ipsec::policy_action::bypass, 53));
    a.add(means(ipsec::policy_action::protect));
    const auto rises = [&](trace_id id, std::uint16_t port = 9, packet::ipv4_address from = here) {
        const std::uint64_t before = b.count(checker::admission);
        const bytes p = packet_of(17, udp(9, port), from);
        a.rises(p, id, 0);
        return b.count(checker::admission) - before;
    };
    o.born(1, 0, "wire", 100, 0);
    CHECK(rises(1) == 1);
    CHECK(rises(1, 53) == 0);
    CHECK(rises(1, 9, there) == 0);
    o.born(2, 1, "block", 80, 0);
    CHECK(rises(2) == 1);                    // a copy is as its model
    o.ended(1, taken_off, "block", 0);
    CHECK(rises(2) == 0);
    o.born(3, 2, "stack", 200, 0);           // put together of it
    o.ended(2, joined, "stack", 0);
    CHECK(rises(3) == 0);
    o.born(4, 0, "wire", 100, 0);
    o.born(5, 4, "block", 100, 0);
    o.ended(4, other, "block", 0);
    CHECK(rises(5) == 1);
}

TEST_CASE("joints: an input listens to one source until the last word has passed") {
    using offload::multiplexer_input;
    bench b;
    joints j(b.found, "crypto");
    const auto passes = [&](unsigned joint, multiplexer_input from, ps first, std::uint32_t words) {
        span s;
        s.append({first, 10, words});
        const std::uint64_t before = b.count(checker::joints);
        j.passes(joint, from, some, s);
        return b.count(checker::joints) - before;
    };
    CHECK(passes(124, multiplexer_input::feedforward_130, 100, 5) == 0);     // … 140
    CHECK(passes(124, multiplexer_input::feedback_122, 150, 5) == 0);        // … 190
    CHECK(passes(150, multiplexer_input::feedback_122, 160, 5) == 0);        // another joint
    CHECK(passes(124, multiplexer_input::feedforward_130, 190, 5) == 1);     // at the last word
    CHECK(passes(124, multiplexer_input::feedforward_130, 220, 5) == 1);
    j.stopped();
    CHECK(passes(124, multiplexer_input::feedback_122, 230, 5) == 0);        // … 270
    // One that passes while it comes in has the joint until its end is told.
    const auto late = [&](ps first) {
        span s;
        s.append({first, 0, 1});
        s.append({offload::stalled, 0, 1});
        j.passes(124, multiplexer_input::feedforward_130, some, s);
    };
    late(280);
    CHECK(passes(124, multiplexer_input::feedback_122, 900, 5) == 1);        // it has not ended
    j.stopped();
    late(1'000);
    j.ends(124, some, 1'200);
    CHECK(passes(124, multiplexer_input::feedback_122, 1'200, 5) == 1);
    j.stopped();
    late(1'300);
    j.ends(124, some, 1'400);
    CHECK(passes(124, multiplexer_input::feedback_122, 1'410, 5) == 0);
}

TEST_CASE("conservation: a place that nobody has is lost, and nobody has one who is over") {
    bench b;
    conservation c(b.found);
    c.born(1, 0, "here", 64, 0);
    c.born(2, 0, "here", 64, 0);
    c.ended(2, {"delivered", false, ""}, "here", 0);
    std::vector<sim::held_place> kept{{"buffer 140", 1, {1}, 0}, {"reassembly", 0, {}, 0}, {"table", 3, {}, 3}};
    b.kernel.session().bind_keeper("nic0.crypto", [&](ps) { return kept; });
    const auto breaches_of = [&] {
        const std::uint64_t before = b.count(checker::conservation);
        c.finish_places(9, b.kernel.session());
        return b.count(checker::conservation) - before;
    };
    CHECK(breaches_of() == 0);
    kept[0].used = 2;
    CHECK(breaches_of() == 1);
    CHECK(b.found.outcomes()[0].first == "at 9 ps: buffer 140 of nic0.crypto: 2 in use at the end, of which 1 can be accounted for");
    kept[0].by = {1, 2};
    CHECK(breaches_of() == 1);
    kept[0] = {"buffer 140", 0, {}, 0};
    kept[1].used = 1;
    kept[2].used = 4;
    CHECK(breaches_of() == 2);
}
