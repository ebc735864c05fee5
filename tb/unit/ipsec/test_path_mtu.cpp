// Packets at the cliff, and what ICMP says of the path.
#include <catch2/catch.hpp>

#include "nicteam/ipsec/path_mtu.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/reassembly.h"
#include "some_association.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

namespace {

const algorithms usual{cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96};      // 1,446 octets inside a tunnel of 1,500

struct sender {
    association_table table;
    packet::identification_source ids;
    policy all;

    explicit sender(std::vector<association_parameters> bundle) {
        for (auto& p : bundle) {
            p.name = "s" + std::to_string(all.bundle.size());
            p.spi += static_cast<std::uint32_t>(all.bundle.size());
            REQUIRE(table.add(p).refused.empty());
            all.bundle.push_back(p.name);
        }
    }
    passed send(const bytes& b) { return outbound(table, policy_list({all}), b, 0, ids); }
    association& at(std::size_t k) { return *table.find(table.named(all.bundle[k])); }
};

bytes may_be_cut(bytes b) {
    b[6] &= 0xBF;
    packet::finish_ip(b);
    return b;
}

association_parameters tunnel(std::uint32_t mtu, bool six = false) {
    auto p = some(usual, association_mode::tunnel, six);
    p.path_mtu = mtu;
    return p;
}

}  // namespace

TEST_CASE("there is one size from which on a packet no longer fits and its source is told of the largest that does") {
    const struct { association_parameters p; bool inner_six; std::size_t largest;
    } rows[] = {{tunnel(1'500), false, 1'446},
                {tunnel(1'500), true, 1'446},
                {tunnel(1'500, true), false, 1'430},
                {tunnel(1'400), false, 1'350},
                {tunnel(576), false, 526}};
    for (const auto& row : rows) {
        sender s({row.p});
        const std::size_t header = row.inner_six ? 40 : 20;
        std::size_t fitted = 0;
        for (std::size_t n = row.largest - 30; n < row.largest + 30; ++n) {
            const std::uint64_t before = s.at(0).next_sequence();
            const passed p = s.send(ip_packet(row.inner_six, n - header));
            CAPTURE(n, name(p.how));
            if (n <= row.largest) {
                REQUIRE(p.how == passage::pass);
                REQUIRE(p.mtu == 0);
                REQUIRE(p.packet.size() <= row.p.path_mtu);
                ++fitted;
            } else {
                REQUIRE(p.how == passage::over_path_mtu);
                REQUIRE(p.mtu == row.largest);
                REQUIRE(p.packet.empty());
                REQUIRE(s.at(0).next_sequence() == before);      // no number is lost on it
            }
        }
        CHECK(fitted == 31);
    }
}

TEST_CASE("what may be cut is cut behind the tunnel or before it as the association says") {
    const bytes packet = may_be_cut(ip_packet(false, 1'440, 17));      // 1,460
    {
        sender s({tunnel(1'500)});
        const passed p = s.send(packet);
        REQUIRE(p.how == passage::pass);
        CHECK(p.mtu == 1'500);
        CHECK(p.packet.size() > 1'500);
        CHECK_FALSE(packet::ip_view::parse(p.packet)->dont_fragment);
        std::vector<bytes> pieces;
        CHECK(packet::fragment(p.packet, p.mtu, 0, pieces) == packet::fragment_result::fragmented);
        CHECK(pieces.size() == 2);
    }
    {
        auto before = tunnel(1'500);
        before.cuts_before = true;
        sender s({before}), r({before});
        // Ports show in the first piece only: the policy is the packet's.
        s.all.which.protocol = 17;
        s.all.which.destination_ports = {packet::get16(&packet[22]), packet::get16(&packet[22])};
        const passed p = s.send(packet);
        REQUIRE(p.how == passage::cut_first);
        CHECK(p.mtu == 1'446);
        CHECK(s.at(0).next_sequence() == 1);
        std::vector<bytes> pieces;
        REQUIRE(packet::fragment(p.packet, p.mtu, 0, pieces) == packet::fragment_result::fragmented);
        REQUIRE(pieces.size() == 2);
        packet::reassembler again;
        packet::reassembly_step last{};
        for (const bytes& piece : pieces) {
            CHECK(s.send(piece).how == (&piece == &pieces[0] ? passage::pass : passage::no_policy));
            const passed q = outbound_along(s.table, s.all, piece, 0, s.ids);
            REQUIRE(q.how == passage::pass);
            CHECK(q.packet.size() <= 1'500);
            const passed got = inbound(r.table, policy_list({r.all}), q.packet, 0);
            REQUIRE(got.how == passage::fragment);
            last = again.add(got.packet, 0, 0, scope_of(got.steps));
        }
        CHECK(last == packet::reassembly_step::complete);
        CHECK(again.result().datagram == packet);
    }
}

TEST_CASE("DF inside is kept or overruled by the tunnel") {
    const bytes whole = ip_packet(false, 1'440), six = ip_packet(true, 1'440);
    auto p = tunnel(1'500);
    p.tunnel.dont_fragment = fragment_bit::clear;
    for (const bytes& b : {whole, six}) {
        sender s({p});
        const passed got = s.send(b);
        CHECK(got.how == passage::pass);
        CHECK(got.mtu == 1'500);
    }
    p.tunnel.dont_fragment = fragment_bit::set;
    sender set({p});
    CHECK(set.send(may_be_cut(whole)).how == passage::over_path_mtu);
    p.tunnel.dont_fragment = fragment_bit::copy;
    sender copy({p});
    CHECK(copy.send(whole).how == passage::over_path_mtu);
    CHECK(copy.send(six).how == passage::over_path_mtu);
    CHECK(copy.send(may_be_cut(whole)).how == passage::pass);
}

TEST_CASE("a bundle is as narrow as the narrowest of its associations") {
    // Transport mode inside a tunnel: each adds its own.
    auto inner = some(usual), outer = tunnel(1'500);
    sender s({inner, outer});
    const passed p = s.send(ip_packet(false, 1'440));
    REQUIRE(p.how == passage::over_path_mtu);
    CHECK(s.send(ip_packet(false, p.mtu - 20)).packet.size() <= 1'500);
    CHECK(s.send(ip_packet(false, p.mtu - 19)).how == passage::over_path_mtu);
    // The outer one takes 1,446: header, then ESP header, IV, ICV, whole blocks, of which two octets are the trailer.
    CHECK(p.mtu == 20 + (1'446 - 20 - 8 - 8 - 12) / 8 * 8 - 2);
    inner.path_mtu = 600;
    sender narrow({inner, outer});
    CHECK(narrow.send(ip_packet(false, 1'440)).mtu == 20 + (600 - 20 - 8 - 8 - 12) / 8 * 8 - 2);
}

TEST_CASE("an ICMP message about a protected packet lowers the path MTU of its association and nothing else does") {
    for (const bool six : {false, true})
        for (const auto protocol : {security_protocol::esp, security_protocol::ah}) {
            const bool ah = protocol == security_protocol::ah;
            auto p = some(ah ? algorithms{cipher_kind::null, authentication_kind::hmac_sha1_96} : usual, association_mode::tunnel, six,
                          protocol);
            sender s({p});
            const passed sent = s.send(ip_packet(false, 1'300));
            REQUIRE(sent.how == passage::pass);
            const auto news = [&](std::uint32_t mtu, const bytes& about, packet::icmp_reason why = packet::icmp_reason::packet_too_big) {
                const bytes m = packet::make_icmp_error(about, why, six ? right_6 : right_4, mtu);
                const auto v = packet::ip_view::parse(m);
                REQUIRE(v);
                const auto e = packet::icmp_error::parse(*v);
                REQUIRE(e);
                return path_news_of(s.table, *e);
            };
            const auto n = news(1'300, sent.packet);
            REQUIRE(n);
            CHECK(n->path_mtu == 1'300);
            CHECK(n->association == s.table.named("s0"));
            cached_parameters c = s.at(0).cached();
            c.path_mtu = n->path_mtu;
            CHECK(s.at(0).change(c).empty());
            CHECK(s.send(ip_packet(false, 1'300)).how == passage::over_path_mtu);
            CHECK_FALSE(news(1'300, sent.packet));      // nothing new
            CHECK_FALSE(news(1'400, sent.packet));      // a path does not grow by ICMP
            CHECK_FALSE(news(six ? 1'279 : 67, sent.packet));
            CHECK(news(six ? 1'280 : 68, sent.packet));
            CHECK_FALSE(news(0, ip_packet(six, 100)));  // not protected
            CHECK_FALSE(news(1'290, sent.packet, packet::icmp_reason::reassembly_timeout));
            bytes other = sent.packet;
            other[(six ? 40 : 20) + (ah ? 7 : 3)] ^= 1;
            CHECK_FALSE(news(1'290, other));            // another SPI
            bytes damaged = packet::make_icmp_error(sent.packet, packet::icmp_reason::packet_too_big, six ? right_6 : right_4, 1'290);
            damaged[damaged.size() - 1] ^= 1;
            CHECK_FALSE(path_news_of(s.table, *packet::icmp_error::parse(*packet::ip_view::parse(damaged))));
        }
}

TEST_CASE("a router that names no MTU means the next plateau") {
    sender s({tunnel(0)});
    const bytes sent = s.send(ip_packet(false, 1'300)).packet;
    const bytes m = packet::make_icmp_error(sent, packet::icmp_reason::packet_too_big, right_4, 0);
    const auto n = path_news_of(s.table, *packet::icmp_error::parse(*packet::ip_view::parse(m)));
    REQUIRE(n);
    CHECK(sent.size() > 1'006);
    CHECK(n->path_mtu == 1'006);
}
