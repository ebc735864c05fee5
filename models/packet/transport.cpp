#include "nicteam/packet/transport.h"

#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ipv4.h"

namespace nicteam::packet {
namespace {

constexpr std::size_t udp_header_size = 8, tcp_header_size = 20, icmp_header_size = 4;

bool sum_is_good(const ip_view& v, octets segment) {
    return internet_sum(segment, pseudo_header_sum(v.source, v.destination, v.protocol, segment.size)) == 0xFFFF;
}

void udp(const ip_view& v, transport_view& t) {
    octets p = v.payload;
    if (p.size < udp_header_size) return;
    const std::size_t length = get16(p.data + 4);
    if (length < udp_header_size || length > p.size) return;
    p = p.first(length);
    t.source_port = get16(p.data);
    t.destination_port = get16(p.data + 2);
    t.header = p.first(udp_header_size);
    t.payload = p.from(udp_header_size);
    if (get16(p.data + 6) == 0)
        t.verdict = v.version == 4 ? transport_verdict::no_checksum : transport_verdict::bad_checksum;  // RFC 8200, 8.1
    else t.verdict = sum_is_good(v, p) ? transport_verdict::good : transport_verdict::bad_checksum;
}

void tcp(const ip_view& v, transport_view& t) {
    const octets p = v.payload;
    if (p.size < tcp_header_size) return;
    const std::size_t length = (p[12] >> 4) * 4u;
    if (length < tcp_header_size || length > p.size) return;
    t.source_port = get16(p.data);
    t.destination_port = get16(p.data + 2);
    t.sequence = get32(p.data + 4);
    t.acknowledgement = get32(p.data + 8);
    t.flags = get16(p.data + 12) & 0x1FF;
    t.header = p.first(length);
    t.payload = p.from(length);
    t.verdict = sum_is_good(v, p) ? transport_verdict::good : transport_verdict::bad_checksum;
}

void icmp(const ip_view& v, transport_view& t, bool with_pseudo_header) {
    const octets p = v.payload;
    if (p.size < icmp_header_size) return;
    t.type = p[0];
    t.code = p[1];
    t.header = p.first(icmp_header_size);
    t.payload = p.from(icmp_header_size);
    const bool good = with_pseudo_header ? sum_is_good(v, p) : internet_sum(p) == 0xFFFF;
    t.verdict = good ? transport_verdict::good : transport_verdict::bad_checksum;
}

}  // namespace

transport_view transport_view::of(const ip_view& v) {
    transport_view t;
    t.protocol = v.protocol;
    t.payload = v.payload;
    const bool icmp_here = v.protocol == (v.version == 4 ? ip_protocol::icmp : ip_protocol::icmpv6);
    if (v.protocol != ip_protocol::udp && v.protocol != ip_protocol::tcp && !icmp_here) return t;
    t.verdict = transport_verdict::bad_length;
    if (v.protocol == ip_protocol::udp) udp(v, t);
    else if (v.protocol == ip_protocol::tcp) tcp(v, t);
    else icmp(v, t, v.version == 6);
    return t;
}

}  // namespace nicteam::packet
