#include "nicteam/packet/udp.h"

#include "nicteam/packet/checksum.h"

namespace nicteam::packet {

std::optional<udp_view> udp_view::parse(const ipv4_view& ip) {
    const octets p = ip.payload;
    if (ip.protocol != ip_protocol::udp || ip.fragment_offset || p.size < udp_header) return std::nullopt;
    udp_view v;
    v.source_port = get16(p.data);
    v.destination_port = get16(p.data + 2);
    v.length = get16(p.data + 4);
    if (v.length < udp_header || v.length > p.size) return std::nullopt;
    v.payload = p.first(v.length).from(udp_header);
    v.has_checksum = get16(p.data + 6) != 0;
    v.checksum_good = !v.has_checksum ||
                      internet_sum(p.first(v.length), pseudo_header_sum(ip.source, ip.destination, ip_protocol::udp, v.length)) == 0xFFFF;
    return v;
}

std::size_t append_udp_header(bytes& out, std::uint16_t source_port, std::uint16_t destination_port, std::size_t payload) {
    const std::size_t at = out.size();
    out.resize(at + udp_header);
    std::uint8_t* p = out.data() + at;
    put16(p, source_port);
    put16(p + 2, destination_port);
    put16(p + 4, static_cast<std::uint16_t>(udp_header + payload));
    put16(p + 6, 0);
    return at;
}

void finish_udp(bytes& out, std::size_t udp_at, ipv4_address source, ipv4_address destination) {
    const octets datagram(out.data() + udp_at, out.size() - udp_at);
    const auto length = static_cast<std::uint16_t>(datagram.size);
    put16(out.data() + udp_at + 6, 0);
    const std::uint16_t sum = internet_checksum(datagram, pseudo_header_sum(source, destination, ip_protocol::udp, length));
    put16(out.data() + udp_at + 6, sum ? sum : 0xFFFF);   // 0 would mean "none"
}

void append_udp_datagram(bytes& out, const ipv4_fields& ip, std::uint16_t source_port, std::uint16_t destination_port, octets payload) {
    ipv4_fields fields = ip;
    fields.protocol = ip_protocol::udp;
    append_ipv4(out, fields, udp_header + payload.size);
    const std::size_t at = append_udp_header(out, source_port, destination_port, payload.size);
    out.insert(out.end(), payload.data, payload.data + payload.size);
    finish_udp(out, at, ip.source, ip.destination);
}

}  // namespace nicteam::packet
