#include "nicteam/packet/arp.h"

#include <algorithm>

#include "nicteam/packet/ethernet.h"

namespace nicteam::packet {
namespace {
constexpr std::uint16_t ethernet_hardware = 1;
}

bool is_arp(octets frame) {
    const auto f = ethernet_view::parse(frame);
    return f && f->ether_type == ether_type::arp;
}

std::optional<arp_message> arp_message::parse(octets p) {
    if (p.size < arp_octets || get16(p.data) != ethernet_hardware || get16(p.data + 2) != ether_type::ipv4 || p[4] != 6 || p[5] != 4)
        return std::nullopt;
    const std::uint16_t operation = get16(p.data + 6);
    if (operation != 1 && operation != 2) return std::nullopt;
    arp_message m;
    m.operation = static_cast<arp_operation>(operation);
    std::copy_n(p.data + 8, 6, m.sender_mac.begin());
    m.sender_ip = get32(p.data + 14);
    std::copy_n(p.data + 18, 6, m.target_mac.begin());
    m.target_ip = get32(p.data + 24);
    return m;
}

void arp_message::append_to(bytes& out) const {
    const std::size_t at = out.size();
    out.resize(at + arp_octets);
    std::uint8_t* p = out.data() + at;
    put16(p, ethernet_hardware);
    put16(p + 2, ether_type::ipv4);
    p[4] = 6;
    p[5] = 4;
    put16(p + 6, static_cast<std::uint16_t>(operation));
    std::copy(sender_mac.begin(), sender_mac.end(), p + 8);
    put32(p + 14, sender_ip);
    std::copy(target_mac.begin(), target_mac.end(), p + 18);
    put32(p + 24, target_ip);
}

void build_arp_request(bytes& out, const mac_address& own_mac, ipv4_address own_ip, ipv4_address wanted) {
    out.clear();
    append_ethernet(out, broadcast_mac, own_mac, ether_type::arp);
    arp_message{arp_operation::request, own_mac, own_ip, {}, wanted}.append_to(out);
    pad_to_minimum(out);
}

void build_arp_reply(bytes& out, const mac_address& own_mac, ipv4_address own_ip, const arp_message& request) {
    out.clear();
    append_ethernet(out, request.sender_mac, own_mac, ether_type::arp);
    arp_message{arp_operation::reply, own_mac, own_ip, request.sender_mac, request.sender_ip}.append_to(out);
    pad_to_minimum(out);
}

}  // namespace nicteam::packet
