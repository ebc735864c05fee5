#include <catch2/catch.hpp>

#include "nicteam/packet/arp.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/icmp.h"
#include "nicteam/packet/udp.h"
#include "unit/peer/two_peers.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::packet;

namespace {

const mac_address mac_a{2, 0, 0, 0, 0, 10}, mac_b{2, 0, 0, 0, 0, 11};
const ipv4_address ip_a = 0xC000020A, ip_b = 0xC000020B;

bytes arp() {
    bytes f;
    build_arp_request(f, mac_a, ip_a, ip_b);
    return f;
}

bytes ping(std::size_t n, bool damaged = false) {
    bytes f;
    append_ethernet(f, mac_b, mac_a, ether_type::ipv4);
    append_ipv4(f, ipv4_fields{ip_a, ip_b, ip_protocol::icmp}, 8 + n);
    append_icmp_echo(f, false, 7, 3, bytes(n, 0x42));
    if (damaged) f[40] ^= 1;
    pad_to_minimum(f);
    return f;
}

bytes datagram(std::uint16_t port) {
    bytes f;
    append_ethernet(f, mac_b, mac_a, ether_type::ipv4);
    append_udp_datagram(f, ipv4_fields{ip_a, ip_b}, 5555, port, bytes(200, 0x17));
    return f;
}

}  // namespace

TEST_CASE("a peer answers ARP and echo requests one octet time after the last octet") {
    two_peers net;
    auto s = std::make_unique<script>();
    s->add(0, arp());
    s->add(100 * microsecond, ping(100));
    s->add(200 * microsecond, ping(100, true));
    net.a->add_source(std::move(s));
    recorder seen;
    seen.attach(net.kernel.session(), "b.port");
    net.run(millisecond);
    REQUIRE(seen.items.size() == 5);
    CHECK(seen.items[0].way == sim::direction::in);
    const auto reply = ethernet_view::parse(seen.items[1].data);
    CHECK(seen.items[1].way == sim::direction::out);
    CHECK(reply->destination == mac_a);
    CHECK(arp_message::parse(reply->payload)->sender_mac == mac_b);
    CHECK(seen.items[1].at == 56'000 + 72 * 80'000 + 8 * 80'000);
    const auto echo = icmp_echo::parse(ipv4_view::parse(ethernet_view::parse(seen.items[3].data)->payload)->payload);
    CHECK(echo->reply);
    CHECK(echo->identifier == 7);
    CHECK(echo->data.size == 100);
    CHECK(echo->checksum_good);
    CHECK(net.count("b.arp_replies") == 1);
    CHECK(net.count("b.echo_replies") == 1);
    CHECK(net.count("b.bad_checksum") == 1);
    CHECK(net.count("a.answers_seen") == 2);
}

TEST_CASE("a peer sends UDP echo back only when told to") {
    for (const bool on : {false, true}) {
        auto b = at("02:00:00:00:00:0b", "192.0.2.11");
        b.answer_udp_echo = on;
        b.answer_arp = !on;
        b.response_time = 5 * microsecond;
        two_peers net({}, false, 1, at("02:00:00:00:00:0a", "192.0.2.10"), b);
        auto s = std::make_unique<script>();
        s->add(0, datagram(7));
        s->add(100 * microsecond, datagram(8));
        s->add(200 * microsecond, arp());
        net.a->add_source(std::move(s));
        recorder seen;
        seen.attach(net.kernel.session(), "lan.b_to_a.wire");
        net.run(millisecond);
        CHECK(net.count("b.udp_echoes") == (on ? 1 : 0));
        CHECK(net.count("b.arp_replies") == (on ? 0 : 1));
        REQUIRE(seen.items.size() == 1);
        if (!on) continue;
        const auto back = udp_view::parse(*ipv4_view::parse(ethernet_view::parse(seen.items[0].data)->payload));
        CHECK(back->source_port == 7);
        CHECK(back->destination_port == 5555);
        CHECK(back->payload.size == 200);
        CHECK(back->checksum_good);
    }
}

TEST_CASE("a peer answers nobody else's requests") {
    two_peers net;
    bytes f;
    build_arp_request(f, mac_a, ip_a, ip_b + 1);
    auto s = std::make_unique<script>();
    s->add(0, f);
    f = ping(10);
    f[5] ^= 1;   // another station's MAC address
    s->add(100 * microsecond, f);
    net.a->add_source(std::move(s));
    net.run(millisecond);
    CHECK(net.count("b.sent_frames") == 0);
    CHECK(net.count("b.filtered") == 1);
    CHECK(net.count("b.frames") == 1);
}
