// An association in octets: every part there and back, keys never back, nothing taken that is no such part.
#include <catch2/catch.hpp>

#include <algorithm>

#include "nicteam/ipsec/association_state.h"
#include "some_association.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;
using state::part;

namespace {

bytes saved(const association& a, part p) {
    bytes out;
    a.save(p, out);
    return out;
}

bool loads(association& a, part p, const bytes& b) { return a.load(p, b.data(), b.size()); }

// With something in every field.
association_parameters full(bool six, bool ah) {
    const algorithms al = ah ? algorithms{cipher_kind::null, authentication_kind::hmac_sha2_256_128}
                             : algorithms{cipher_kind::aes_gcm_12, authentication_kind::null};
    auto p = some(al, association_mode::tunnel, six, ah ? security_protocol::ah : security_protocol::esp);
    p.spi = 0x89ABCDEF;
    p.extended_sequence = true;
    p.replay_window = 100;
    p.soft = {1'000, 100'000, 7 * second};
    p.hard = {2'000, 200'000, 9 * second};
    p.path_mtu = 1'400;
    p.tunnel.hop_limit = 17;
    p.tunnel.dont_fragment = fragment_bit::clear;
    p.tunnel.dscp = 46;
    p.tunnel.copies_congestion = false;
    if (!ah) p.udp = udp_ports{4'500, 50'000};
    p.inner.source = {*packet::parse_ip("10.1.0.0"), 16};
    p.inner.destination = {*packet::parse_ip("2001:db8:5::"), 48};
    p.inner.protocol = 6;
    p.inner.source_ports = {1'024, 65'535};
    p.inner.destination_ports = {80, 81};
    p.fragments_in_transport = true;
    p.cuts_before = true;
    return p;
}

bool holds(const bytes& in, const bytes& what) { return std::search(in.begin(), in.end(), what.begin(), what.end()) != in.end(); }

}  // namespace

TEST_CASE("the CONST part of an association makes the same association elsewhere") {
    for (const bool six : {false, true})
        for (const bool ah : {false, true}) {
            association host(full(six, ah), 5 * second, 3);
            bytes crossing;
            write_constant(host.constants(), crossing);
            const auto c = read_constant(crossing);
            REQUIRE(c);
            const association_parameters &p = host.parameters(), &q = c->parameters;
            CHECK(c->installed == 5 * second);
            CHECK(c->counter_start == host.constants().counter_start);
            CHECK(q.spi == p.spi);
            CHECK(q.source == p.source);
            CHECK(q.destination == p.destination);
            CHECK(q.keys.cipher == p.keys.cipher);
            CHECK(q.keys.authentication == p.keys.authentication);
            CHECK(q.tunnel.hop_limit == 17);
            CHECK(q.tunnel.dscp == p.tunnel.dscp);
            CHECK(q.inner.destination.length == 48);
            CHECK(q.inner.destination.address == p.inner.destination.address);
            CHECK(q.inner.destination_ports.high == 81);
            association device(*c, 77);
            CHECK(saved(device, part::constant) == saved(host, part::constant));
            CHECK(loads(device, part::cached, saved(host, part::cached)));
            CHECK(saved(device, part::cached) == saved(host, part::cached));
            // It has no number of its own, and with the host's it makes the host's packets.
            std::uint64_t s = 0;
            std::uint8_t iv[16];
            CHECK_FALSE(device.draw(s, iv));
            CHECK_FALSE(device.exhausted());
            REQUIRE(loads(device, part::delegated, saved(host, part::delegated)));
            CHECK(protect_next(device, ip_packet(false, 100)).packet == protect_next(host, ip_packet(false, 100)).packet);
        }
}

TEST_CASE("keys go in and never come out") {
    for (const bool ah : {false, true}) {
        association a(full(false, ah));
        const bytes key = ah ? a.parameters().keys.authentication : a.parameters().keys.cipher;
        bytes in;
        write_constant(a.constants(), in);
        CHECK(holds(in, key));
        for (const part p : {part::constant, part::cached, part::delegated}) {
            const bytes out = saved(a, p);
            for (std::size_t k = 0; k + 4 <= key.size(); ++k)
                CHECK_FALSE(
                    holds(out, bytes(key.begin() + static_cast<std::ptrdiff_t>(k), key.begin() + static_cast<std::ptrdiff_t>(k) + 4)));
        }
        // Nor in what is said about a key that cannot be.
        auto p = a.parameters();
        (ah ? p.keys.authentication : p.keys.cipher).pop_back();
        CHECK(refusal(p).find("octets") != std::string::npos);
    }
}

TEST_CASE("a CONST part fits the association that has it and no other") {
    association a(full(false, false));
    bytes with_keys;
    write_constant(a.constants(), with_keys);
    CHECK(loads(a, part::constant, with_keys));
    CHECK(loads(a, part::constant, saved(a, part::constant)));
    bytes other = with_keys;
    other[8] ^= 1;               // SPI
    CHECK_FALSE(loads(a, part::constant, other));
    other = with_keys;
    other.back() ^= 1;           // a key
    CHECK_FALSE(loads(a, part::constant, other));
}

TEST_CASE("octets that are no part of an association are refused at any length and with any flaw") {
    association a(full(false, false));
    a.window.accept(1'000);
    const bytes before = saved(a, part::delegated);
    for (const part p : {part::constant, part::cached, part::delegated}) {
        const bytes good = saved(a, p);
        REQUIRE(loads(a, p, good));
        for (std::size_t n = 0; n < good.size(); ++n) {
            bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n));
            REQUIRE_FALSE(loads(a, p, cut));
            if (n >= 8) cut[4] = static_cast<std::uint8_t>(n), cut[5] = 0;
            REQUIRE_FALSE(loads(a, p, cut));
        }
        bytes longer = good;
        longer.push_back(0);
        CHECK_FALSE(loads(a, p, longer));
        for (const part other : {part::constant, part::cached, part::delegated})
            if (other != p) CHECK_FALSE(loads(a, other, good));
        for (const std::size_t at : {std::size_t{0}, std::size_t{2}, std::size_t{3}}) {      // version, layer, part
            bytes wrong = good;
            wrong[at] ^= 4;
            CHECK_FALSE(loads(a, p, wrong));
        }
    }
    // Kinds, flags and addresses that there are not.
    bytes c;
    write_constant(a.constants(), c);
    const std::pair<std::size_t, unsigned> flaws[] = {{12, 49}, {13, 2}, {14, 8},  {15, 8}, {16, c[16] | 0x80u},
                                                      {17, 5},  {19, 3}, {20, 64}, {46, 1}, {79, 33}};
    for (const auto& [at, v] : flaws) {
        bytes wrong = c;
        wrong[at] = static_cast<std::uint8_t>(v);
        CAPTURE(at);
        CHECK_FALSE(read_constant(wrong));
    }
    CHECK(saved(a, part::delegated) == before);
}

TEST_CASE("the CACHED part changes limits and path MTU and peer and refuses what cannot be") {
    association a(full(false, false));
    cached_parameters c = a.cached();
    CHECK(c.peer == right_4);
    CHECK(c.peer_port == 50'000);
    c.soft = {1, 0, 0};
    c.hard = {2, 0, 0};
    c.path_mtu = 576;
    c.peer = *packet::parse_ip("192.0.2.77");
    c.peer_port = 1'234;
    bytes b;
    write_cached(c, b);
    REQUIRE(loads(a, part::cached, b));
    const auto s = protect_next(a, ip_packet(false, 40));
    const auto v = *packet::ip_view::parse(s.packet);
    CHECK(v.destination == c.peer);
    CHECK(packet::get16(v.payload.data + 2) == 1'234);
    a.count(40);
    CHECK(a.life(0) == lifetime_state::soft_expired);

    const auto refuses = [&](void (*spoil)(cached_parameters&), const char* why) {
        cached_parameters wrong = a.cached();
        spoil(wrong);
        const std::string said = a.change(wrong);
        CAPTURE(said);
        CHECK(said.find(why) != std::string::npos);
        bytes octets;
        write_cached(wrong, octets);
        CHECK_FALSE(loads(a, part::cached, octets));
        CHECK(a.cached().path_mtu == 576);
    };
    refuses([](cached_parameters& x) { x.path_mtu = 67; }, "path MTU of 67 octets; from 68 to 65535");
    refuses([](cached_parameters& x) { x.path_mtu = 65'536; }, "path MTU of 65536");
    refuses([](cached_parameters& x) { x.peer = right_6; }, "2001:db8::2 is no IPv4 address");
    refuses([](cached_parameters& x) { x.peer_port = 0; }, "needs a port");
    refuses([](cached_parameters& x) { x.soft.packets = 3; }, "soft lifetime of 3 packets ends after the hard one of 2");
}

TEST_CASE("the DELEGATED part hands over numbers and window and counters and never takes them back") {
    auto p = full(false, false);
    association here(p), there(here.constants());
    for (int n = 0; n < 37; ++n) protect_next(here, ip_packet(false, 10)), here.count(10);
    for (const std::uint64_t s : {5u, 900u, 950u, 1'000u}) here.window.accept(s);
    const bytes crossing = saved(here, part::delegated);
    REQUIRE(loads(there, part::delegated, crossing));
    CHECK(saved(there, part::delegated) == crossing);
    CHECK(there.next_sequence() == 38);
    CHECK(there.packets() == 37);
    CHECK(there.octets() == 370);
    CHECK(there.window.highest() == 1'000);
    for (std::uint64_t s = 895; s < 1'005; ++s) CHECK(there.window.look(s) == here.window.look(s));
    // The new owner went on: what was before cannot come again.
    protect_next(there, ip_packet(false, 10));
    CHECK_FALSE(loads(there, part::delegated, crossing));
    association third(here.constants());
    REQUIRE(loads(third, part::delegated, crossing));
    third.window.accept(1'001);
    CHECK_FALSE(loads(third, part::delegated, crossing));
    // Numbers beyond 2^32 - 1 without extended ones; drawn behind the last; a map without its highest number.
    p.extended_sequence = false;
    association shorter(p);
    CHECK_FALSE(loads(shorter, part::delegated, crossing));
    bytes wrong = crossing;
    wrong[8 + 7] = 0x80;
    wrong[16 + 7] = 0;
    CHECK_FALSE(loads(third, part::delegated, wrong));
    wrong = crossing;
    wrong[48] &= 0xFE;
    association fourth(here.constants());
    CHECK_FALSE(loads(fourth, part::delegated, wrong));
    CHECK(loads(fourth, part::delegated, crossing));
}
