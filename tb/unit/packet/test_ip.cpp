#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/checksum.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/icmp_error.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/transport.h"

using namespace nicteam;
using namespace nicteam::packet;

namespace {

const ip_address a4 = *parse_ip("192.0.2.1"), b4 = *parse_ip("192.0.2.2"), a6 = *parse_ip("2001:db8::1"), b6 = *parse_ip("2001:db8::2");

bytes datagram(const ip_address& from, const ip_address& to, std::size_t payload, std::uint8_t protocol = ip_protocol::udp) {
    bytes d;
    ip_fields f;
    f.source = from;
    f.destination = to;
    f.protocol = protocol;
    f.dont_fragment = false;
    f.identification = 77;
    append_ip(d, f, payload);
    for (std::size_t k = 0; k < payload; ++k) d.push_back(static_cast<std::uint8_t>(k * 31 + 7));
    return d;
}

}  // namespace

TEST_CASE("IPv6 addresses read as RFC 4291 and write as RFC 5952 have them") {
    const char* same[] = {"2001:db8::1",     "::",  "::1",           "fe80::1",        "2001:db8:0:1:1:1:1:1", "2001:db8::1:0:0:1",
                          "1:2:3:4:5:6:7:8", "1::", "2001:0:0:1::1", "::2:3:4:5:6:7:8"};
    for (const char* t : same) {
        CAPTURE(t);
        REQUIRE(parse_ip(t));
        CHECK(to_text(*parse_ip(t)) == (std::string(t) == "::2:3:4:5:6:7:8" ? "0:2:3:4:5:6:7:8" : t));
    }
    CHECK(to_text(*parse_ip("2001:DB8:0:0:0:0:2:1")) == "2001:db8::2:1");
    CHECK(to_text(*parse_ip("2001:0db8::0001")) == "2001:db8::1");
    CHECK(*parse_ip("::ffff:192.0.2.1") == *parse_ip("::ffff:c000:201"));
    for (const char* bad : {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:", ":1", "1:2:3:4:5:6:7::8",
                            "::1.2.3", "192.0.2.1::"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_ip(bad));
    }
}

TEST_CASE("the chain of IPv6 extension headers is walked to what it carries") {
    bytes d = datagram(a6, b6, 0, ip_protocol::hop_by_hop);
    d.insert(d.end(), {ip_protocol::routing, 0, 1, 4, 0, 0, 0, 0});
    d.insert(d.end(), {ip_protocol::destination_options, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    d.insert(d.end(), {ip_protocol::udp, 0, 1, 4, 0, 0, 0, 0});
    d.insert(d.end(), 12, 0x5A);
    finish_ip(d);
    const auto v = ip_view::parse(d);
    REQUIRE(v);
    CHECK(v->protocol == ip_protocol::udp);
    CHECK(v->header.size == 40 + 8 + 16 + 8);
    CHECK(v->payload.size == 12);
    CHECK(v->protocol_at == 40 + 8 + 16);
    CHECK_FALSE(v->is_fragment());
    // Every cut in the chain is refused; cuts behind it only shorten nothing, since the length field tells more than is there.
    for (std::size_t n = 0; n < d.size(); ++n) {
        CAPTURE(n);
        CHECK_FALSE(ip_view::parse(octets(d).first(n)));
        bytes told(d.begin(), d.begin() + static_cast<std::ptrdiff_t>(n));
        if (n < 40) continue;
        finish_ip(told);
        CHECK(ip_view::parse(told).has_value() == (n >= 40 + 32));
    }
}

TEST_CASE("fragments have the sizes and offsets that the MTU asks for") {
    for (const bool six : {false, true}) {
        const bytes d = datagram(six ? a6 : a4, six ? b6 : b4, 4000);
        for (const std::size_t mtu : {576u, 1280u, 1500u, 1501u, 1507u, 4019u}) {
            std::vector<bytes> pieces;
            REQUIRE(fragment(d, mtu, 0x12345678, pieces) == fragment_result::fragmented);
            const std::size_t overhead = six ? 48 : 20, each = (mtu - overhead) / 8 * 8;
            bytes joined;
            for (std::size_t i = 0; i < pieces.size(); ++i) {
                const auto v = ip_view::parse(pieces[i]);
                REQUIRE(v);
                CHECK(v->packet.size <= mtu);
                CHECK(v->fragment_offset == i * each);
                CHECK(v->more_fragments == (i + 1 < pieces.size()));
                CHECK(v->identification == (six ? 0x12345678 : 77));
                CHECK(v->checksum_good);
                CHECK(v->protocol == ip_protocol::udp);
                if (i + 1 < pieces.size()) CHECK(v->payload.size == each);
                joined.insert(joined.end(), v->payload.data, v->payload.data + v->payload.size);
            }
            CHECK(joined == bytes(d.end() - 4000, d.end()));
        }
        std::vector<bytes> none;
        CHECK(fragment(d, d.size(), 1, none) == fragment_result::whole);
        CHECK(none.at(0) == d);
        CHECK(fragment(d, six ? 55 : 27, 1, none) == fragment_result::no_room);
    }
}

TEST_CASE("a fragment of a fragment keeps its place and its more flag") {
    std::vector<bytes> once, twice;
    REQUIRE(fragment(datagram(a4, b4, 3000), 1500, 0, once) == fragment_result::fragmented);
    for (const bytes& f : once)
        CHECK(fragment(f, 600, 0, twice) == (f.size() > 600 ? fragment_result::fragmented : fragment_result::whole));
    std::size_t expected = 0;
    for (std::size_t i = 0; i < twice.size(); ++i) {
        const auto v = ip_view::parse(twice[i]);
        CHECK(v->fragment_offset == expected);
        CHECK(v->more_fragments == (i + 1 < twice.size()));
        expected += v->payload.size;
    }
    CHECK(expected == 3000);
    // IPv6: only the source fragments.
    std::vector<bytes> six, again;
    REQUIRE(fragment(datagram(a6, b6, 3000), 1500, 1, six) == fragment_result::fragmented);
    CHECK(fragment(six[0], 1280, 1, again) == fragment_result::malformed);
    CHECK(fragment(datagram(a4, b4, 3000), 20, 0, again) == fragment_result::no_room);
    bytes df = datagram(a4, b4, 3000);
    df[6] |= 0x40;
    finish_ip(df);
    CHECK(fragment(df, 1500, 0, again) == fragment_result::dont_fragment);
}

TEST_CASE("options with the copied flag go into every fragment and others into the first only") {
    bytes d = datagram(a4, b4, 100);
    // No-operation, record route (7: not copied), strict source route (137: copied), end of list.
    const bytes options{1, 7, 7, 4, 0, 0, 0, 0, 137, 7, 4, 192, 0, 2, 9, 0};
    d.insert(d.begin() + 20, options.begin(), options.end());
    d[0] = 0x40 | 9;
    finish_ip(d);
    std::vector<bytes> pieces;
    REQUIRE(fragment(d, 76, 0, pieces) == fragment_result::fragmented);
    REQUIRE(pieces.size() == 3);
    CHECK(ip_view::parse(pieces[0])->header.size == 36);
    for (std::size_t i = 1; i < 3; ++i) {
        const auto v = ip_view::parse(pieces[i]);
        CHECK(v->header.size == 28);
        CHECK(bytes(v->header.data + 20, v->header.data + 28) == bytes{137, 7, 4, 192, 0, 2, 9, 0});
    }
}

TEST_CASE("an ICMP error quotes what RFC 792 and RFC 4443 ask and is read back") {
    const struct { icmp_reason reason; unsigned type_4, code_4, type_6, code_6; } rows[] = {
        {icmp_reason::packet_too_big, 3, 4, 2, 0}, {icmp_reason::reassembly_timeout, 11, 1, 3, 1}, {icmp_reason::hop_limit, 11, 0, 3, 0},
        {icmp_reason::prohibited, 3, 13, 1, 1}, {icmp_reason::header_field, 12, 0, 4, 0}};
    for (const bool six : {false, true})
        for (const auto& r : rows) {
            const bytes about = datagram(six ? a6 : a4, six ? b6 : b4, 1400);
            const std::uint32_t number = r.reason == icmp_reason::header_field ? 4 : r.reason == icmp_reason::packet_too_big ? 1280 : 0;
            const bytes m = make_icmp_error(about, r.reason, six ? b6 : b4, number);
            const auto v = ip_view::parse(m);
            REQUIRE(v);
            CHECK(m.size() == (six ? 1280 : 20 + 8 + 20 + 8));
            CHECK(v->destination == (six ? a6 : a4));
            CHECK(v->payload[0] == (six ? r.type_6 : r.type_4));
            CHECK(v->payload[1] == (six ? r.code_6 : r.code_4));
            const auto e = icmp_error::parse(*v);
            REQUIRE(e);
            CHECK(e->reason == r.reason);
            CHECK(e->mtu_or_pointer == number);
            CHECK(e->checksum_good);
            CHECK(bytes(e->about.data, e->about.data + e->about.size) ==
                  bytes(about.begin(), about.begin() + static_cast<std::ptrdiff_t>(e->about.size)));
            // Never about an error, nor about a later fragment, nor to a group.
            CHECK(make_icmp_error(m, r.reason, six ? a6 : a4).empty());
            bytes group = about;
            group[six ? 8 : 12] = six ? 0xFF : 0xE0;
            finish_ip(group);
            CHECK(make_icmp_error(group, r.reason, six ? b6 : b4).empty());
            std::vector<bytes> pieces;
            REQUIRE(fragment(about, 600, 1, pieces) == fragment_result::fragmented);
            CHECK_FALSE(make_icmp_error(pieces[0], r.reason, six ? b6 : b4).empty());
            CHECK(make_icmp_error(pieces[1], r.reason, six ? b6 : b4).empty());
        }
}

TEST_CASE("transport checksums and lengths are judged over both versions of IP") {
    for (const bool six : {false, true})
        for (const std::uint8_t protocol : {ip_protocol::udp, ip_protocol::tcp, six ? ip_protocol::icmpv6 : ip_protocol::icmp}) {
            CAPTURE(six, int{protocol});
            bytes d = datagram(six ? a6 : a4, six ? b6 : b4, 60, protocol);
            const std::size_t at = d.size() - 60;
            if (protocol == ip_protocol::udp) put16(&d[at + 4], 60);
            if (protocol == ip_protocol::tcp) d[at + 12] = 6 << 4;
            const std::size_t sum_at = at + (protocol == ip_protocol::udp ? 6u : protocol == ip_protocol::tcp ? 16u : 2u);
            put16(&d[sum_at], 0);
            auto v = *ip_view::parse(d);
            const std::uint32_t pseudo = protocol == ip_protocol::icmp ? 0 : pseudo_header_sum(v.source, v.destination, protocol, 60);
            put16(&d[sum_at], internet_checksum(v.payload, pseudo));
            v = *ip_view::parse(d);
            CHECK(transport_view::of(v).verdict == transport_verdict::good);
            CHECK(transport_view::of(v).payload.size == 60u - (protocol == ip_protocol::udp   ? 8u
                                                               : protocol == ip_protocol::tcp ? 24u
                                                                                              : 4u));
            d[at + 30] ^= 4;
            CHECK(transport_view::of(*ip_view::parse(d)).verdict == transport_verdict::bad_checksum);
            bytes cut = datagram(six ? a6 : a4, six ? b6 : b4, 3, protocol);
            CHECK(transport_view::of(*ip_view::parse(cut)).verdict == transport_verdict::bad_length);
            if (protocol == ip_protocol::udp) {
                put16(&d[sum_at], 0);
                CHECK(transport_view::of(*ip_view::parse(d)).verdict ==
                      (six ? transport_verdict::bad_checksum : transport_verdict::no_checksum));
                put16(&d[at + 4], 61);
                CHECK(transport_view::of(*ip_view::parse(d)).verdict == transport_verdict::bad_length);
            }
        }
    CHECK(transport_view::of(*ip_view::parse(datagram(a4, b4, 20, 132))).verdict == transport_verdict::other);
}
