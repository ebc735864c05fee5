#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/arp.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/udp.h"
#include "peer/rewrite.h"

using namespace nicteam;
using namespace nicteam::packet;
using peer::new_addresses;
using peer::rewrite;

namespace {

const new_addresses all{mac_address{2, 1, 1, 1, 1, 1}, mac_address{2, 2, 2, 2, 2, 2}, 0x0A000001, 0x0A000002};

bytes datagram() {
    bytes f;
    append_ethernet(f, {2, 0, 0, 0, 0, 2}, {2, 0, 0, 0, 0, 1}, ether_type::ipv4);
    append_udp_datagram(f, ipv4_fields{0xC0000201, 0xC0000202}, 1, 2, bytes(33, 0x77));
    return f;
}

}  // namespace

TEST_CASE("new addresses keep good checksums good and bad ones bad") {
    for (const bool damaged : {false, true}) {
        bytes f = datagram();
        if (damaged) f[50] ^= 0x04;
        rewrite(f, all);
        const auto ip = ipv4_view::parse(ethernet_view::parse(f)->payload);
        CHECK(ip->source == *all.source_ip);
        CHECK(ip->destination == *all.destination_ip);
        CHECK(ip->checksum_good);
        CHECK(udp_view::parse(*ip)->checksum_good == !damaged);
        if (damaged) f[50] ^= 0x04;
        CHECK(udp_view::parse(*ip)->payload.size == 33);
    }
}

TEST_CASE("ARP follows and group addresses stay") {
    bytes f;
    build_arp_request(f, {2, 0, 0, 0, 0, 1}, 0xC0000201, 0xC0000202);
    rewrite(f, all);
    const auto e = ethernet_view::parse(f);
    CHECK(e->destination == broadcast_mac);
    CHECK(e->source == *all.source_mac);
    const auto arp = arp_message::parse(e->payload);
    CHECK(arp->sender_mac == *all.source_mac);
    CHECK(arp->sender_ip == *all.source_ip);
    CHECK(arp->target_mac == mac_address{});   // not known yet
    CHECK(arp->target_ip == *all.destination_ip);
}

TEST_CASE("any octets can be given new addresses") {
    random_stream r(1, "fuzz", "test");
    for (int i = 0; i < 20'000; ++i) {
        bytes f = datagram();
        f.resize(r.below(f.size() + 1));
        f.shrink_to_fit();
        for (int k = 0; k < 4 && !f.empty(); ++k) f[r.below(f.size())] = static_cast<std::uint8_t>(r.next());
        const std::size_t n = f.size();
        rewrite(f, all);
        REQUIRE(f.size() == n);
        (void)peer::sent_by(f, std::nullopt, 0x0A000001);
    }
}
