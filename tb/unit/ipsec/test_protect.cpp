#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/ipv4.h"
#include "some_association.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

TEST_CASE("what is protected comes out again for every algorithm and mode and version and length") {
    random_stream r(1, "protect", "test");
    for (const bool ah : {false, true})
        for (const algorithms& a : all_algorithms(ah))
            for (const auto mode : {association_mode::transport, association_mode::tunnel})
                for (const bool six : {false, true})
                    for (const auto payload : {payload_kind::real, payload_kind::timing_only}) {
                        auto p = some(a, mode, six, ah ? security_protocol::ah : security_protocol::esp,
                                      r.chance(probability_one / 2) ? 16 : 32);
                        p.extended_sequence = r.chance(probability_one / 2);
                        if (!ah && r.chance(probability_one / 4)) p.udp = udp_ports{};
                        association from(p, 0, 1, payload), to(p, 0, 1, payload);
                        for (int n = 0; n < 12; ++n) {
                            const bool inner_six = mode == association_mode::tunnel ? r.chance(probability_one / 2) : six;
                            const bytes before =
                                ip_packet(inner_six, n ? r.below(1'600) : 0, 17, static_cast<std::uint8_t>(r.below(64) << 2 | 2));
                            const sent s = protect_next(from, before);
                            CAPTURE(info(a.cipher).name, info(a.authentication).name, ah, six, before.size());
                            REQUIRE(s.how == outcome::done);
                            REQUIRE(s.packet.size() == protected_size(p, *packet::ip_view::parse(before)));
                            const auto v = packet::ip_view::parse(s.packet);
                            REQUIRE(v);
                            REQUIRE(v->checksum_good);
                            const auto h = find_security_header(*v);
                            REQUIRE(h);
                            REQUIRE(h->spi == 0x1001);
                            REQUIRE(h->in_udp == p.udp.has_value());
                            opened o;
                            work w;
                            REQUIRE(unprotect(to, s.packet, o, w) == outcome::done);
                            REQUIRE(o.packet == before);
                            REQUIRE(o.sequence == s.sequence);
                            REQUIRE(o.was_tunnel == (mode == association_mode::tunnel));
                            REQUIRE(w.cipher_octets == s.took.cipher_octets);
                            REQUIRE(w.authentication_octets == s.took.authentication_octets);
                            if (a.authenticates()) REQUIRE(unprotect(to, s.packet, o, w) == outcome::replayed);
                        }
                    }
}

TEST_CASE("each octet of an authenticated packet counts and a bad one does not move the window") {
    for (const bool ah : {false, true})
        for (const algorithms& a : all_algorithms(ah)) {
            if (!a.authenticates()) continue;
            for (const auto payload : {payload_kind::real, payload_kind::timing_only}) {
                const auto p = some(a, association_mode::tunnel, false, ah ? security_protocol::ah : security_protocol::esp);
                association from(p, 0, 1, payload), to(p, 0, 1, payload);
                const sent s = protect_next(from, ip_packet(false, 60));
                for (std::size_t at = 20; at < s.packet.size(); ++at) {
                    bytes bad = s.packet;
                    bad[at] ^= 0x10;
                    opened o;
                    work w;
                    const outcome how = unprotect(to, bad, o, w);
                    CAPTURE(at, info(a.cipher).name, info(a.authentication).name, name(how));
                    // SPI and, in AH, its length are looked at first; everything else is the ICV's to notice.
                    const bool spi = at >= (ah ? 24u : 20u) && at < (ah ? 28u : 24u), length = ah && at == 21;
                    REQUIRE(how == (spi ? outcome::not_ours : length ? outcome::misaligned : outcome::bad_icv));
                    REQUIRE(to.window.highest() == 0);
                }
                opened o;
                work w;
                REQUIRE(unprotect(to, s.packet, o, w) == outcome::done);
            }
        }
}

TEST_CASE("no truncation of a packet reads outside it or is taken") {
    for (const bool ah : {false, true})
        for (const algorithms& a : all_algorithms(ah)) {
            const auto p = some(a, association_mode::transport, false, ah ? security_protocol::ah : security_protocol::esp);
            association from(p), to(p);
            const sent s = protect_next(from, ip_packet(false, 40));
            for (std::size_t n = 20; n < s.packet.size(); ++n) {
                bytes cut(s.packet.begin(), s.packet.begin() + static_cast<std::ptrdiff_t>(n));
                packet::finish_ip(cut);
                opened o;
                work w;
                const outcome how = unprotect(to, cut, o, w);
                CAPTURE(n, info(a.cipher).name, info(a.authentication).name, name(how));
                const std::size_t least = ah ? 12 + a.iv() + a.icv() : esp_header + a.iv() + a.icv() + 2;
                if (n - 20 < least) REQUIRE(how == outcome::short_packet);
                else if (!ah && (n - 20 - (least - 2)) % a.block()) REQUIRE(how == outcome::misaligned);
                else if (a.authenticates()) REQUIRE(how == outcome::bad_icv);
            }
        }
}

TEST_CASE("the trailer is judged after the ICV") {
    // Cipher null: the trailer can be written by hand.
    auto p = some({cipher_kind::null, authentication_kind::null});
    p.algorithms.authentication = authentication_kind::hmac_sha1_96;
    p.keys = keys_for(p.algorithms);
    p.replay_window = 64;
    association to(p);
    std::uint64_t sequence = 0;
    const auto receive = [&](bytes text) {
        bytes d = ip_packet(false, 0, 50);
        const std::size_t at = d.size();
        d.resize(at + 8);
        packet::put32(&d[at], 0x1001);
        packet::put32(&d[at + 4], static_cast<std::uint32_t>(++sequence));
        d.insert(d.end(), text.begin(), text.end());
        const std::size_t size = d.size() - at;
        d.resize(d.size() + 12);
        packet::finish_ip(d);
        to.transform().seal(&d[at], size, {});
        opened o;
        work w;
        const outcome how = unprotect(to, d, o, w);
        CHECK(to.window.highest() == sequence);      // its ICV was good
        return how;
    };
    CHECK(receive({9, 9, 9, 9, 1, 2, 2, 17}) == outcome::done);
    CHECK(receive({9, 9, 9, 9, 1, 3, 2, 17}) == outcome::bad_padding);
    CHECK(receive({9, 9, 9, 9, 0, 0, 2, 17}) == outcome::bad_padding);
    CHECK(receive({9, 9, 9, 9, 9, 9, 0, 17}) == outcome::done);
    CHECK(receive({1, 2, 3, 4, 5, 6, 6, 17}) == outcome::done);
    CHECK(receive({1, 2, 3, 4, 5, 6, 7, 17}) == outcome::bad_padding);
    CHECK(receive({1, 2, 3, 4, 5, 6, 255, 17}) == outcome::bad_padding);
    CHECK(receive({9, 9, 9, 9, 1, 2, 2, 59}) == outcome::dummy);
}

TEST_CASE("padding for traffic flow confidentiality behind the inner packet is stripped") {
    auto p = some({cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96}, association_mode::tunnel);
    association from(p), to(p);
    const bytes inner = ip_packet(false, 50);
    // Built by hand: inner packet, 200 octets of filling, trailer.
    bytes text = inner;
    text.resize(text.size() + 200, 0xEE);
    const std::size_t pad = (16 - (text.size() + 2) % 16) % 16;
    for (std::size_t k = 0; k < pad; ++k) text.push_back(static_cast<std::uint8_t>(k + 1));
    text.push_back(static_cast<std::uint8_t>(pad));
    text.push_back(4);
    bytes d = ip_packet(false, 0, 50);
    const std::size_t at = d.size();
    d.resize(at + 8 + 16, 0x77);
    packet::put32(&d[at], 0x1001);
    packet::put32(&d[at + 4], 1);
    d.insert(d.end(), text.begin(), text.end());
    const std::size_t size = d.size() - at;
    d.resize(d.size() + 12);
    packet::finish_ip(d);
    from.transform().seal(&d[at], size, {});
    opened o;
    work w;
    REQUIRE(unprotect(to, d, o, w) == outcome::done);
    CHECK(o.packet == inner);
}

TEST_CASE("a tunnel refuses what is no IP packet inside and what its selectors do not name") {
    auto p = some({cipher_kind::null, authentication_kind::hmac_md5_96}, association_mode::tunnel);
    const auto receive = [&](bytes inner, std::uint8_t next) {
        association from(p), to(p);
        bytes text = inner;
        while ((text.size() + 2) % 4) text.push_back(static_cast<std::uint8_t>(text.size() - inner.size() + 1));
        text.push_back(static_cast<std::uint8_t>(text.size() - inner.size()));
        text.push_back(next);
        bytes d = ip_packet(false, 0, 50);
        d.resize(28);
        packet::put32(&d[20], 0x1001);
        packet::put32(&d[24], 1);
        d.insert(d.end(), text.begin(), text.end());
        const std::size_t size = d.size() - 20;
        d.resize(d.size() + 12);
        packet::finish_ip(d);
        from.transform().seal(&d[20], size, {});
        opened o;
        work w;
        return unprotect(to, d, o, w);
    };
    CHECK(receive(ip_packet(false, 40), 4) == outcome::done);
    CHECK(receive(ip_packet(true, 40), 41) == outcome::done);
    CHECK(receive(ip_packet(false, 40), 41) == outcome::bad_inner);
    CHECK(receive(ip_packet(false, 40), 17) == outcome::bad_inner);
    bytes wrong = ip_packet(false, 40);
    wrong[0] = 0x65;
    CHECK(receive(wrong, 4) == outcome::bad_inner);
    bytes longer = ip_packet(false, 40);
    packet::put16(&longer[2], 61);
    CHECK(receive(longer, 4) == outcome::bad_inner);
    p.inner.source = {right_4, 32};
    CHECK(receive(ip_packet(false, 40), 4) == outcome::selector_mismatch);
    p.inner.source = {left_4, 32};
    CHECK(receive(ip_packet(false, 40), 4) == outcome::done);
}

TEST_CASE("fragments are neither protected in transport mode nor taken as ESP") {
    const algorithms a{cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96};
    bytes piece = ip_packet(false, 80);
    piece[6] = 0x20;
    packet::finish_ip(piece);
    auto p = some(a);
    association transport(p), tunnel(some(a, association_mode::tunnel));
    CHECK(protect_next(transport, piece).how == outcome::fragment);
    sent s = protect_next(tunnel, piece);
    CHECK(s.how == outcome::done);
    s.packet[6] = 0x20;
    packet::finish_ip(s.packet);
    opened o;
    work w;
    CHECK(unprotect(tunnel, s.packet, o, w) == outcome::fragment);
    // The literal reading of D-37 and D-39: a sender that does not conform.
    p.fragments_in_transport = true;
    association literal(p), other(p);
    s = protect_next(literal, piece);
    CHECK(s.how == outcome::done);
    CHECK(packet::ip_view::parse(s.packet)->more_fragments);
    REQUIRE(unprotect(other, s.packet, o, w) == outcome::done);
    CHECK(o.packet == piece);
}

TEST_CASE("the outer header is made from the inner one as RFC 4301 and RFC 6040 say") {
    const algorithms a{cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96};
    for (const bool outer_six : {false, true})
        for (const bool inner_six : {false, true})
            for (unsigned congestion = 0; congestion < 4; ++congestion) {
                auto p = some(a, association_mode::tunnel, outer_six);
                p.tunnel.hop_limit = 17;
                bytes inner = ip_packet(inner_six, 40, 17, static_cast<std::uint8_t>(46 << 2 | congestion));
                association from(p);
                const auto outer_of = [&](association& x) { return protect_next(x, inner).packet; };
                auto v = *packet::ip_view::parse(outer_of(from));
                CHECK(v.traffic_class == (46 << 2 | congestion));
                CHECK(v.hop_limit == 17);
                if (!outer_six) CHECK(v.dont_fragment);
                p.tunnel.dscp = 5;
                p.tunnel.copies_congestion = false;
                p.tunnel.dont_fragment = fragment_bit::clear;
                association plain(p);
                const bytes kept = outer_of(plain);
                v = *packet::ip_view::parse(kept);
                CHECK(v.traffic_class == 5 << 2);
                if (!outer_six) CHECK_FALSE(v.dont_fragment);
                // RFC 6040, figure 4: rows inner, columns outer. -1: dropped.
                constexpr int joined[4][4] = {{0, 0, 0, -1}, {1, 1, 1, 3}, {2, 1, 2, 3}, {3, 3, 3, 3}};
                for (unsigned outside = 0; outside < 4; ++outside) {
                    bytes marked = kept;
                    if (outer_six) marked[1] = static_cast<std::uint8_t>((marked[1] & 0xCF) | outside << 4);
                    else marked[1] = static_cast<std::uint8_t>((marked[1] & 0xFC) | outside), packet::finish_ip(marked);
                    p.replay_window = 0;
                    association to(p);
                    opened o;
                    work w;
                    const outcome how = unprotect(to, marked, o, w);
                    CAPTURE(congestion, outside);
                    if (joined[congestion][outside] < 0) {
                        CHECK(how == outcome::congestion);
                        continue;
                    }
                    REQUIRE(how == outcome::done);
                    const auto got = *packet::ip_view::parse(o.packet);
                    CHECK(got.traffic_class == (46u << 2 | static_cast<unsigned>(joined[congestion][outside])));
                    CHECK(got.checksum_good);
                }
            }
}

TEST_CASE("packets nest to any depth and come out in the reverse order") {
    random_stream r(3, "nest", "test");
    const auto esp = all_algorithms(), ah = all_algorithms(true);
    for (int n = 0; n < 300; ++n) {
        const bytes inner = ip_packet(r.chance(probability_one / 2), r.below(600));
        std::vector<std::unique_ptr<association>> from, to;
        bytes now = inner;
        const std::size_t depth = 1 + r.below(4);
        for (std::size_t d = 0; d < depth; ++d) {
            const bool is_ah = r.chance(probability_one / 3), six = packet::ip_view::parse(now)->version == 6;
            const auto mode = r.chance(probability_one / 2) ? association_mode::tunnel : association_mode::transport;
            const auto p = some(is_ah ? ah[r.below(ah.size())] : esp[r.below(esp.size())], mode,
                                mode == association_mode::tunnel ? r.chance(probability_one / 2) : six,
                                is_ah ? security_protocol::ah : security_protocol::esp);
            from.push_back(std::make_unique<association>(p));
            to.push_back(std::make_unique<association>(p));
            const sent s = protect_next(*from.back(), now);
            REQUIRE(s.how == outcome::done);
            now = s.packet;
        }
        for (std::size_t d = depth; d-- > 0;) {
            opened o;
            work w;
            const outcome how = unprotect(*to[d], now, o, w);
            CAPTURE(name(how), depth, d);
            REQUIRE(how == outcome::done);
            now = o.packet;
        }
        REQUIRE(now == inner);
    }
}

TEST_CASE("IPv6 hop headers stay outside and options for the destination go inside") {
    bytes d = ip_packet(true, 0, 0);
    d.insert(d.end(), {60, 0, 1, 4, 0, 0, 0, 0});                      // hop-by-hop, padding option
    d.insert(d.end(), {17, 0, 1, 4, 0, 0, 0, 0});                      // destination options
    d.insert(d.end(), 24, 0x33);
    packet::finish_ip(d);
    for (const auto protocol : {security_protocol::esp, security_protocol::ah}) {
        const auto p = some({cipher_kind::null, authentication_kind::hmac_sha2_256_128}, association_mode::transport, true, protocol);
        association from(p), to(p);
        const sent s = protect_next(from, d);
        REQUIRE(s.how == outcome::done);
        const auto v = *packet::ip_view::parse(s.packet);
        CHECK(v.header.size == 48);
        CHECK(v.protocol == static_cast<std::uint8_t>(protocol));
        opened o;
        work w;
        REQUIRE(unprotect(to, s.packet, o, w) == outcome::done);
        CHECK(o.packet == d);
    }
}

TEST_CASE("AH leaves to routers what they may change and nothing else") {
    const auto p = some({cipher_kind::null, authentication_kind::hmac_sha1_96}, association_mode::transport, false, security_protocol::ah);
    association from(p);
    const sent s = protect_next(from, ip_packet(false, 40));
    for (std::size_t at = 0; at < 20; ++at) {
        association to(p);
        bytes changed = s.packet;
        changed[at] ^= at == 0 ? 0 : 0x01;
        if (at != 10 && at != 11 && at != 2 && at != 3) packet::finish_ip(changed);
        opened o;
        work w;
        const outcome how = unprotect(to, changed, o, w);
        CAPTURE(at, name(how));
        const bool mutable_field = at == 1 || at == 8 || at == 10 || at == 11 || at == 0;
        if (at == 6 || at == 7) CHECK((how == outcome::fragment || how == outcome::done));      // offset bits make it a fragment
        else if (at == 2 || at == 3 || at == 9) CHECK(how != outcome::done);
        else CHECK((how == outcome::done) == mutable_field);
    }
}

TEST_CASE("sizes at the cliff are those of the table of ESP sizes") {
    const struct { algorithms a; std::size_t transport, tunnel_4, tunnel_6, tunnel_udp; } rows[] = {
        {{cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96}, 1'446, 1'446, 1'430, 1'438},
        {{cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96}, 1'438, 1'438, 1'422, 1'422},
        {{cipher_kind::aes_cbc, authentication_kind::hmac_sha2_256_128}, 1'438, 1'438, 1'406, 1'422},
        {{cipher_kind::aes_gcm_16, authentication_kind::null}, 1'446, 1'446, 1'426, 1'438},
        {{cipher_kind::null, authentication_kind::hmac_md5_96}, 1'458, 1'458, 1'438, 1'450},
    };
    for (const auto& row : rows) {
        CAPTURE(info(row.a.cipher).name, info(row.a.authentication).name);
        auto p = some(row.a);
        CHECK(largest_within(p, 1'500, 20) == row.transport + 20);
        p = some(row.a, association_mode::tunnel);
        CHECK(largest_within(p, 1'500, 20) == row.tunnel_4);
        p.udp = udp_ports{};
        CHECK(largest_within(p, 1'500, 20) == row.tunnel_udp);
        CHECK(largest_within(some(row.a, association_mode::tunnel, true), 1'500, 20) == row.tunnel_6);
        // Exactly one threshold.
        p = some(row.a, association_mode::tunnel);
        unsigned changes = 0;
        for (std::size_t n = 1'400; n < 1'470; ++n)
            changes += (protected_size(p, n, 20) <= 1'500) != (protected_size(p, n + 1, 20) <= 1'500);
        CHECK(changes == 1);
        CHECK(protected_size(p, 64, 20) == (row.a.cipher == cipher_kind::aes_cbc ? (row.a.icv() == 16 ? 140 : 136)
                                            : row.a.cipher == cipher_kind::null  ? 108
                                                                                 : 120));
    }
    CHECK(largest_within(some({cipher_kind::aes_ctr, authentication_kind::hmac_sha1_96}), 1'500, 20) == 1'450 + 20);
    CHECK(largest_within(some({cipher_kind::aes_gcm_12, authentication_kind::null}), 1'500, 20) == 1'450 + 20);
    CHECK(largest_within(some({cipher_kind::aes_gcm_8, authentication_kind::null}), 1'500, 20) == 1'454 + 20);
    CHECK(largest_within(some({cipher_kind::aes_cbc, authentication_kind::hmac_sha2_384_192}, association_mode::tunnel), 1'500, 20) ==
          1'422);
    CHECK(largest_within(some({cipher_kind::aes_cbc, authentication_kind::hmac_sha2_512_256}, association_mode::tunnel), 1'500, 20) ==
          1'422);
}

TEST_CASE("results beyond the longest datagram are refused") {
    association a(some({cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96}, association_mode::tunnel));
    CHECK(protect_next(a, ip_packet(false, 65'515)).how == outcome::too_big);
    CHECK(protect_next(a, ip_packet(false, 65'400)).how == outcome::done);
    CHECK(protect_next(a, bytes(10, 0)).how == outcome::malformed);
}
