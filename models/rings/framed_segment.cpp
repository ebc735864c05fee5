#include "nicteam/rings/framed_segment.h"

#include "nicteam/packet/ethernet.h"

namespace nicteam::rings {
namespace {

constexpr std::uint8_t tcp_protocol = 6;
constexpr std::size_t ipv6_header = 40;

}  // namespace

std::optional<framed_segment> segment_of(packet::octets frame) {
    const auto e = packet::ethernet_view::parse(frame);
    if (!e || (e->ether_type != packet::ether_type::ipv4 && e->ether_type != packet::ether_type::ipv6)) return std::nullopt;
    const auto ip = packet::ip_view::parse(e->payload);
    if (!ip || (ip->version == 4) != (e->ether_type == packet::ether_type::ipv4)) return std::nullopt;
    if (ip->protocol != tcp_protocol || ip->is_fragment() || !ip->checksum_good) return std::nullopt;
    if (ip->version == 6 && ip->header.size != ipv6_header) return std::nullopt;
    return framed_segment{ip->source, ip->destination, ip->payload};
}

bytes frame_around(const bytes& segment, tcp::path& over, const packet::mac_address& own, const tcp::transport_cached& of) {
    const packet::ip_address &from = over.constant().source, &to = over.constant().destination;
    packet::ip_fields ip;
    ip.source = from;
    ip.destination = to;
    ip.protocol = tcp_protocol;
    ip.traffic_class = from.version == 4 ? of.type_of_service : of.traffic_class;
    ip.flow_label = of.flow_label;
    if (from.version == 4) ip.identification = over.next_identification();
    const std::uint16_t type = from.version == 4 ? packet::ether_type::ipv4 : packet::ether_type::ipv6;
    const tcp::neighbor_cached hop = over.next_hop() ? over.next_hop()->cached() : tcp::neighbor_cached{};
    bytes f;
    if (hop.format == tcp::header_format::dix) packet::append_ethernet(f, hop.destination, own, type);
    else packet::append_llc_snap(f, hop.destination, own, type, over.ip_header() + segment.size());
    packet::append_ip(f, ip, segment.size());
    f.insert(f.end(), segment.begin(), segment.end());
    packet::pad_to_minimum(f);
    return f;
}

}  // namespace nicteam::rings
