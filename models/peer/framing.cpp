#include "peer/framing.h"

#include <algorithm>

#include "nicteam/packet/fcs.h"

namespace nicteam::peer {
namespace {

constexpr std::size_t mac_octets = 6, type_at = 12;

}  // namespace

std::optional<packet::ip_view> ip_of(packet::octets frame) {
    const auto v = packet::ethernet_view::parse(frame);
    const bool ip = v && (v->ether_type == packet::ether_type::ipv4 || v->ether_type == packet::ether_type::ipv6);
    return ip ? packet::ip_view::parse(v->payload) : std::nullopt;
}

bytes with_addresses(packet::octets frame, packet::octets p) {
    bytes out(frame.data, frame.data + packet::ethernet_header);
    packet::put16(&out[type_at], p[0] >> 4 == 4 ? packet::ether_type::ipv4 : packet::ether_type::ipv6);
    out.insert(out.end(), p.data, p.data + p.size);
    return out;
}

ref<frame> framed(packet::octets between, packet::octets p) {
    const ref<frame> out = frame::make();
    out->data = with_addresses(between, p);
    packet::pad_to_minimum(out->data);
    packet::append_lazy_fcs(*out);
    return out;
}

bytes turned(packet::octets frame) {
    bytes b(frame.data, frame.data + frame.size);
    std::swap_ranges(b.begin(), b.begin() + mac_octets, b.begin() + mac_octets);
    return b;
}

}  // namespace nicteam::peer
