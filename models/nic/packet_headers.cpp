#include "nic/packet_headers.h"

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/ipv4.h"

namespace nicteam::nic {
namespace {

constexpr std::size_t type_octets = 2;
// DSAP and SSAP are not looked at (SDM B.4.1.1); the control octet is that of unnumbered information.
constexpr std::uint8_t unnumbered = 0x03;
constexpr std::size_t control = 2;

}  // namespace

bool has_vlan_tag(packet::octets f) {
    return f.size >= vlan_tag_at + vlan_tag_octets && packet::get16(f.data + vlan_tag_at) == packet::ether_type::vlan;
}

std::optional<packet_headers> packet_headers::find(packet::octets f) {
    const std::size_t type_at = vlan_tag_at + (has_vlan_tag(f) ? vlan_tag_octets : 0);
    if (f.size < type_at + type_octets) return std::nullopt;
    const std::uint16_t type = packet::get16(f.data + type_at);
    std::size_t ip = type_at + type_octets;
    if (type < packet::first_ether_type) {
        constexpr std::size_t snap = packet::llc_header, behind = packet::llc_header + packet::snap_header;
        const std::uint8_t* p = f.data + ip;
        if (f.size < ip + behind || p[control] != unnumbered || p[snap] || p[snap + 1] || p[snap + 2]) return std::nullopt;
        if (packet::get16(p + behind - type_octets) != packet::ether_type::ipv4) return std::nullopt;
        ip += behind;
    } else if (type != packet::ether_type::ipv4) {
        return std::nullopt;
    }
    return at(f, ip);
}

std::optional<packet_headers> packet_headers::at(packet::octets f, std::size_t ip) {
    const auto v = packet::ipv4_view::parse(f.from(ip));
    if (!v) return std::nullopt;
    packet_headers h;
    h.ip = ip;
    h.transport = ip + v->header.size;
    h.end = ip + v->total_length;
    h.protocol = v->protocol;
    h.fragment = v->is_fragment();
    return h;
}

}  // namespace nicteam::nic
