#include "team/ipsec_view.h"

#include <algorithm>

namespace nicteam::team {
namespace {

using packet::get16;
using packet::get32;
using packet::octets;
namespace number = packet::ip_protocol;

constexpr std::size_t four = 20, protocol_4 = 9, offset_4 = 6, destination_4 = 16;         // RFC 791, 3.1
constexpr std::size_t protocol_6 = 6, destination_6 = 24;                                  // RFC 8200, 3
constexpr std::uint16_t more_or_offset_4 = 0x3FFF, more_or_offset_6 = 0xFFF9;              // RFC 791, 3.1; RFC 8200, 4.5
constexpr std::size_t udp_header = 8, spi_of_ah = 4;

bool is_extension(std::uint8_t n) { return n == number::hop_by_hop || n == number::routing || n == number::destination_options || n == number::fragment; }

// Where the payload begins, what it is, and whether it is a piece.
struct payload { std::size_t at = 0; std::uint8_t is = number::nothing; bool fragment = false, first = true; };

payload of_4(octets ip) {
    const std::uint16_t cut = get16(ip.data + offset_4) & more_or_offset_4;
    constexpr std::uint16_t offset = 0x1FFF;
    return {std::size_t{ip[0] & 0xFu} * 4, ip[protocol_4], cut != 0, !(cut & offset)};
}

payload of_6(octets ip) {
    payload p{packet::ipv6_header, ip[protocol_6]};
    while (is_extension(p.is) && ip.size >= p.at + 8) {
        const bool cuts = p.is == number::fragment;
        if (cuts) {
            const std::uint16_t cut = get16(ip.data + p.at + 2) & more_or_offset_6;
            p.fragment |= cut != 0;
            p.first &= cut <= 1;
        }
        p.is = ip[p.at];
        p.at += cuts ? packet::fragment_header : (ip[p.at + 1] + 1u) * 8u;
    }
    return p;
}

}  // namespace

ipsec_view look_for_ipsec(octets ip) {
    const unsigned version = ip.size ? ip[0] >> 4 : 0;
    if (version == 4 ? ip.size < four : version != 6 || ip.size < packet::ipv6_header) return {};
    const payload p = version == 4 ? of_4(ip) : of_6(ip);
    ipsec_view v;
    std::size_t spi = p.at;
    if (p.is == number::udp) {
        if (!p.first || ip.size < p.at + udp_header + 4) return {};
        const bool to = get16(ip.data + p.at + 2) == ipsec::udp_encapsulation, from = get16(ip.data + p.at) == ipsec::udp_encapsulation;
        spi += udp_header;
        if (!(to || from) || get16(ip.data + p.at + 4) < udp_header + 4 || !get32(ip.data + spi)) return {};     // four zero octets are IKE, one octet keeps a translator awake
        v.is = to ? ipsec_view::what::whole : ipsec_view::what::perhaps;
    } else if (p.is == number::esp || p.is == number::ah) {
        v.is = ipsec_view::what::whole;
        v.protocol = static_cast<ipsec::security_protocol>(p.is);
        if (p.is == number::ah) spi += spi_of_ah;
    } else {
        return {};
    }
    if (p.fragment || ip.size < spi + 4) {
        if (v.is == ipsec_view::what::perhaps) return {};
        v.is = ipsec_view::what::cut;
        return v;
    }
    v.spi = get32(ip.data + spi);
    if (version == 4) {
        v.destination = packet::ip_address(get32(ip.data + destination_4));
    } else {
        packet::ipv6_address a;
        std::copy_n(ip.data + destination_6, a.size(), a.begin());
        v.destination = packet::ip_address(a);
    }
    return v;
}

}  // namespace nicteam::team
