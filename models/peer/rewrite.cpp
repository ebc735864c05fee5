#include "peer/rewrite.h"

#include <algorithm>

#include "nicteam/packet/arp.h"
#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/ipv4.h"

namespace nicteam::peer {
namespace {

using namespace packet;

void put_mac(std::uint8_t* to, const mac_address& m) { std::copy(m.begin(), m.end(), to); }

// The checksum behind the IPv4 header that covers the addresses: place within the transport header, 0 = none.
std::size_t transport_checksum(const ipv4_view& ip) {
    if (ip.fragment_offset) return 0;
    if (ip.protocol == ip_protocol::tcp && ip.payload.size >= 18) return 16;
    if (ip.protocol == ip_protocol::udp && ip.payload.size >= 8 && get16(ip.payload.data + 6) != 0) return 6;
    return 0;
}

void replace_ip(std::uint8_t* header, const ipv4_view& ip, std::size_t field, ipv4_address to) {
    const ipv4_address was = get32(header + field);
    put32(header + field, to);
    put16(header + 10, updated_checksum(get16(header + 10), was, to));
    if (const std::size_t at = transport_checksum(ip)) {
        std::uint8_t* sum = header + ip.header.size + at;
        std::uint16_t updated = updated_checksum(get16(sum), was, to);
        if (ip.protocol == ip_protocol::udp && updated == 0) updated = 0xFFFF;
        put16(sum, updated);
    }
}

void rewrite_arp(std::uint8_t* p, const new_addresses& to) {
    if (to.source_mac) put_mac(p + 8, *to.source_mac);
    if (to.source_ip && get32(p + 14) != 0) put32(p + 14, *to.source_ip);        // 0: a probe, RFC 5227
    const bool target_known = std::any_of(p + 18, p + 24, [](std::uint8_t b) { return b != 0; });
    if (to.destination_mac && target_known) put_mac(p + 18, *to.destination_mac);
    if (to.destination_ip) put32(p + 24, *to.destination_ip);
}

}  // namespace

void rewrite(bytes& frame, const new_addresses& to) {
    const auto ethernet = ethernet_view::parse(frame);
    if (!ethernet) return;
    if (to.destination_mac && !is_group(ethernet->destination)) put_mac(frame.data(), *to.destination_mac);
    if (to.source_mac) put_mac(frame.data() + 6, *to.source_mac);
    std::uint8_t* payload = frame.data() + (ethernet->payload.data - frame.data());
    if (ethernet->ether_type == ether_type::arp && arp_message::parse(ethernet->payload)) rewrite_arp(payload, to);
    if (ethernet->ether_type != ether_type::ipv4) return;
    const auto ip = ipv4_view::parse(ethernet->payload);
    if (!ip) return;
    if (to.source_ip) replace_ip(payload, *ip, 12, *to.source_ip);
    if (to.destination_ip) replace_ip(payload, *ip, 16, *to.destination_ip);
}

bool sent_by(octets frame, const std::optional<mac_address>& mac, const std::optional<ipv4_address>& ip) {
    const auto ethernet = ethernet_view::parse(frame);
    if (!ethernet) return false;
    if (mac) return ethernet->source == *mac;
    if (ethernet->ether_type == ether_type::arp)
        if (const auto arp = arp_message::parse(ethernet->payload)) return arp->sender_ip == *ip;
    if (ethernet->ether_type != ether_type::ipv4) return false;
    const auto v4 = ipv4_view::parse(ethernet->payload);
    return v4 && v4->source == *ip;
}

}  // namespace nicteam::peer
