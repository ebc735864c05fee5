#include "nicteam/packet/ipv4.h"

#include <stdexcept>

#include "nicteam/packet/checksum.h"

namespace nicteam::packet {
namespace {
constexpr std::uint16_t flag_dont_fragment = 0x4000, flag_more_fragments = 0x2000, offset_mask = 0x1FFF;
}

std::optional<ipv4_view> ipv4_view::parse(octets p) {
    if (p.size < ipv4_header || p[0] >> 4 != 4) return std::nullopt;
    const std::size_t header_length = (p[0] & 15u) * 4u;
    ipv4_view v;
    v.total_length = get16(p.data + 2);
    if (header_length < ipv4_header || header_length > v.total_length || v.total_length > p.size) return std::nullopt;
    v.header = p.first(header_length);
    v.payload = p.first(v.total_length).from(header_length);
    v.tos = p[1];
    v.identification = get16(p.data + 4);
    const std::uint16_t fragment = get16(p.data + 6);
    v.dont_fragment = fragment & flag_dont_fragment;
    v.more_fragments = fragment & flag_more_fragments;
    v.fragment_offset = static_cast<std::uint16_t>((fragment & offset_mask) * 8u);
    v.ttl = p[8];
    v.protocol = p[9];
    v.source = get32(p.data + 12);
    v.destination = get32(p.data + 16);
    v.checksum_good = internet_sum(v.header) == 0xFFFF;
    return v;
}

void append_ipv4(bytes& out, const ipv4_fields& f, std::size_t payload) {
    if (payload > 65'535 - ipv4_header) throw std::length_error("an IPv4 datagram holds at most 65,515 octets behind its header");
    const std::size_t at = out.size();
    out.resize(at + ipv4_header);
    std::uint8_t* p = out.data() + at;
    p[0] = 0x45;
    p[1] = f.tos;
    put16(p + 2, static_cast<std::uint16_t>(ipv4_header + payload));
    put16(p + 4, f.identification);
    put16(p + 6, f.dont_fragment ? flag_dont_fragment : 0);
    p[8] = f.ttl;
    p[9] = f.protocol;
    put16(p + 10, 0);
    put32(p + 12, f.source);
    put32(p + 16, f.destination);
    put16(p + 10, internet_checksum(octets(p, ipv4_header)));
}

}  // namespace nicteam::packet
