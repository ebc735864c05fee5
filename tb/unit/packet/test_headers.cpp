#include <catch2/catch.hpp>

#include <cstring>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/arp.h"
#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/icmp.h"
#include "nicteam/packet/udp.h"

using namespace nicteam;
using namespace nicteam::packet;

namespace {
const mac_address mac_a{2, 0, 0, 0, 0, 1}, mac_b{2, 0, 0, 0, 0, 2};
const ipv4_address ip_a = 0xC0000201, ip_b = 0xC0000202;
}  // namespace

TEST_CASE("addresses read and write as text") {
    CHECK(parse_mac("02:00:5e:10:Ff:01") == mac_address{2, 0, 0x5E, 0x10, 0xFF, 1});
    CHECK(to_text(mac_address{2, 0, 0x5E, 0x10, 0xFF, 1}) == "02:00:5e:10:ff:01");
    for (const char* bad : {"", "02:00:5e:10:ff", "02:00:5e:10:ff:0g", "0200.5e10.ff01xxx", "02:00:5e:10:ff:01 "}) CHECK_FALSE(parse_mac(bad));
    CHECK(parse_ipv4("192.0.2.1") == ip_a);
    CHECK(to_text(ip_a) == "192.0.2.1");
    for (const char* bad : {"", "192.0.2", "192.0.2.256", "192.0.2.1.1", "192.0..1", "a.b.c.d", "0192.0.2.1", "192.0.2.1 "}) CHECK_FALSE(parse_ipv4(bad));
}

TEST_CASE("the checksum of RFC 1071 is the one of its example") {
    const std::uint8_t example[] = {0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7};
    CHECK(internet_sum(octets(example, 8)) == 0xDDF2);
    // Any length, against the definition.
    random_stream r(1, "sum", "test");
    bytes data;
    for (std::size_t n = 0; n < 100; ++n) {
        std::uint32_t sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += i % 2 ? data[i] : data[i] << 8;
        while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
        REQUIRE(internet_sum(data) == sum);
        data.push_back(static_cast<std::uint8_t>(r.next()));
    }
}

TEST_CASE("an updated checksum equals the recomputed one") {
    random_stream r(2, "sum", "test");
    for (int i = 0; i < 1000; ++i) {
        bytes data(20);
        for (auto& b : data) b = static_cast<std::uint8_t>(r.next());
        const std::uint16_t before = internet_checksum(data);
        const std::uint32_t was = get32(&data[8]), is = static_cast<std::uint32_t>(r.next());
        put32(&data[8], is);
        REQUIRE(updated_checksum(before, was, is) == internet_checksum(data));
    }
}

TEST_CASE("Ethernet II and LLC and SNAP frames are told apart") {
    bytes f;
    append_ethernet(f, mac_b, mac_a, ether_type::ipv4);
    f.resize(60);
    auto v = ethernet_view::parse(f);
    REQUIRE(v);
    CHECK(v->format == encapsulation::ethernet_ii);
    CHECK(v->ether_type == ether_type::ipv4);
    CHECK(v->destination == mac_b);
    CHECK(v->source == mac_a);
    CHECK(v->payload.size == 46);

    f.clear();
    append_llc_snap(f, mac_b, mac_a, ether_type::arp, 28);
    f.resize(60);
    v = ethernet_view::parse(f);
    REQUIRE(v);
    CHECK(v->format == encapsulation::llc_snap);
    CHECK(v->ether_type == ether_type::arp);
    CHECK(v->payload.size == 28);   // padding is not payload

    f.clear();
    append_llc(f, mac_b, mac_a, 0x42, 0x42, 3, 35);
    f.resize(60);
    v = ethernet_view::parse(f);
    REQUIRE(v);
    CHECK(v->format == encapsulation::llc);
    CHECK(v->dsap == 0x42);
    CHECK(v->payload.size == 35);

    put16(&f[12], 1500);   // asks for more than there is
    v = ethernet_view::parse(f);
    REQUIRE(v);
    CHECK_FALSE(v->length_fits);
    f.resize(13);
    CHECK_FALSE(ethernet_view::parse(f));
}

TEST_CASE("ARP requests and replies read back") {
    bytes f;
    build_arp_request(f, mac_a, ip_a, ip_b);
    REQUIRE(f.size() == 60);
    auto m = arp_message::parse(ethernet_view::parse(f)->payload);
    REQUIRE(m);
    CHECK(m->operation == arp_operation::request);
    CHECK(m->target_ip == ip_b);
    bytes g;
    build_arp_reply(g, mac_b, ip_b, *m);
    CHECK(ethernet_view::parse(g)->destination == mac_a);
    m = arp_message::parse(ethernet_view::parse(g)->payload);
    REQUIRE(m);
    CHECK(m->operation == arp_operation::reply);
    CHECK(m->sender_mac == mac_b);
    CHECK(m->sender_ip == ip_b);
    CHECK(m->target_mac == mac_a);
}

TEST_CASE("UDP and ICMP carry checksums that any flipped bit breaks") {
    bytes data(101);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 7);
    ipv4_fields ip{ip_a, ip_b, ip_protocol::udp};
    bytes p;
    append_udp_datagram(p, ip, 4000, 7, data);
    auto v = ipv4_view::parse(p);
    REQUIRE(v);
    REQUIRE(v->checksum_good);
    auto u = udp_view::parse(*v);
    REQUIRE(u);
    REQUIRE(u->checksum_good);
    CHECK(u->source_port == 4000);
    CHECK(bytes(u->payload.data, u->payload.data + u->payload.size) == data);
    for (std::size_t bit = 28 * 8; bit < p.size() * 8; bit += 5) {
        p[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        REQUIRE_FALSE(udp_view::parse(*ipv4_view::parse(p))->checksum_good);
        p[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    }
    p[8] ^= 1;
    CHECK_FALSE(ipv4_view::parse(p)->checksum_good);

    bytes e;
    append_icmp_echo(e, false, 1, 2, data);
    auto echo = icmp_echo::parse(e);
    REQUIRE(echo);
    CHECK(echo->checksum_good);
    CHECK(echo->data.size == data.size());
    e[9] ^= 1;
    CHECK_FALSE(icmp_echo::parse(e)->checksum_good);
}

TEST_CASE("wrong length fields are refused") {
    bytes p;
    append_udp_datagram(p, ipv4_fields{ip_a, ip_b}, 1, 2, bytes(30));
    for (const auto& [at, v] : {std::pair<std::size_t, std::uint8_t>{0, 0x44}, {0, 0x4F}, {0, 0x65}, {2, 0xFF}, {3, 19}}) {
        bytes q = p;
        q[at] = v;
        CHECK_FALSE(ipv4_view::parse(q));
    }
    for (const std::uint16_t length : {0, 7, 39, 65535}) {
        bytes q = p;
        put16(&q[24], length);
        CHECK_FALSE(udp_view::parse(*ipv4_view::parse(q)));
    }
    for (std::size_t n = 0; n < p.size(); ++n) CHECK_FALSE(ipv4_view::parse(octets(p).first(n)));
}

TEST_CASE("no octets make a parser look beyond them") {
    random_stream r(3, "fuzz", "test");
    for (int i = 0; i < 20'000; ++i) {
        const std::size_t n = r.below(90);
        const auto heap = std::make_unique<std::uint8_t[]>(n);   // exact size: the address sanitizer sees any step too far
        for (std::size_t k = 0; k < n; ++k) heap[k] = static_cast<std::uint8_t>(r.next());
        if (n > 14 && r.below(2)) {
            put16(heap.get() + 12, r.below(2) ? ether_type::ipv4 : static_cast<std::uint16_t>(r.below(100)));
            heap[14] = 0x45;
            if (n > 23) heap[23] = r.below(2) ? ip_protocol::udp : ip_protocol::icmp;
            if (n > 17) put16(heap.get() + 16, static_cast<std::uint16_t>(r.below(n)));
        }
        const auto v = ethernet_view::parse(octets(heap.get(), n));
        if (!v) continue;
        CHECK(v->payload.size <= n);
        (void)arp_message::parse(v->payload);
        (void)icmp_echo::parse(v->payload);
        if (const auto ip = ipv4_view::parse(v->payload)) {
            (void)udp_view::parse(*ip);
            (void)icmp_echo::parse(ip->payload);
        }
    }
}
