#include "nic/receive/packet_parser.h"

#include "nic/packet_headers.h"
#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/udp.h"

namespace nicteam::nic {
namespace {

constexpr std::uint8_t ip_in_ip = 4;             // RFC 2003
constexpr std::size_t tcp_header = 20;           // RFC 9293 3.1, without options

std::uint8_t transport_status(bool good) {
    return static_cast<std::uint8_t>(parsed_packet::transport_checked | (good ? parsed_packet::transport_good : 0));
}

}  // namespace

bool parsed_packet::bad_checksum() const {
    return ((checksum & ip_checked) && !(checksum & ip_good)) || ((checksum & transport_checked) && !(checksum & transport_good));
}

// SDM B.4.1.2: whatever fails one of its checks is passed on with nothing said of it.
parsed_packet parsed_packet::of(packet::octets f) {
    const auto h = packet_headers::find(f);
    if (!h || h->fragment) return {};
    const auto v = *packet::ipv4_view::parse(f.from(h->ip));
    bool headers_good = v.checksum_good;
    parsed_packet p;
    switch (v.protocol) {
    case packet::ip_protocol::tcp:
        if (v.payload.size < tcp_header) return {};
        p.parser = parsed | tcp;
        p.checksum = transport_status(packet::internet_sum(v.payload, packet::pseudo_header_sum(v.source, v.destination, v.protocol,
                                                                                                static_cast<std::uint16_t>(v.payload.size))) == 0xFFFF);
        break;
    case packet::ip_protocol::udp: {
        const auto u = packet::udp_view::parse(v);
        if (!u) return {};
        p.parser = parsed | udp;
        p.checksum = transport_status(u->checksum_good);
        break;
    }
    case ip_in_ip:
        if (const auto inner = packet::ipv4_view::parse(v.payload)) headers_good = headers_good && inner->checksum_good;
        [[fallthrough]];
    case packet::ip_protocol::esp:
    case packet::ip_protocol::ah: p.parser = parsed | ip; break;
    default: return {};
    }
    p.checksum = static_cast<std::uint8_t>(p.checksum | ip_checked | (headers_good ? ip_good : 0));
    return p;
}

}  // namespace nicteam::nic
