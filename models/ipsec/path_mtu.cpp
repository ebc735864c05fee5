#include "nicteam/ipsec/path_mtu.h"

#include <algorithm>

#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/ipv4.h"

namespace nicteam::ipsec {
namespace {

using namespace packet;

constexpr std::uint32_t least_4 = 68, least_6 = 1'280;
constexpr std::uint32_t plateaus[] = {32'000, 17'914, 8'166, 4'352, 2'002, 1'492, 1'006, 508, 296, 68};   // RFC 1191, 7.1

std::size_t header_of(unsigned version) { return version == 4 ? ipv4_header : ipv6_header; }

bool fits(const std::vector<const association*>& bundle, std::size_t size, std::size_t header) {
    for (const association* a : bundle) {
        const association_parameters& p = a->parameters();
        size = protected_size(p, size, header);
        if (p.mode == association_mode::tunnel) header = header_of(p.source.version);
        const std::uint32_t mtu = a->cached().path_mtu;
        if (mtu && size > mtu) return false;
    }
    return true;
}

// The quoted beginning of a packet: its own length field tells more than is there.
struct quoted {
    ip_address destination;
    std::uint8_t protocol = 0;
    std::size_t size = 0;
    octets rest;
};

std::optional<quoted> beginning_of(octets o) {
    quoted q;
    if (o.size >= ipv4_header && o[0] >> 4 == 4) {
        const std::size_t header = (o[0] & 15u) * 4u;
        if (header < ipv4_header || get16(o.data + 6) & 0x1FFF) return std::nullopt;
        q.protocol = o[9];
        q.destination = ip_address(get32(o.data + 16));
        q.size = get16(o.data + 2);
        q.rest = o.from(header);
        return q;
    }
    if (o.size >= ipv6_header && o[0] >> 4 == 6) {
        ipv6_address a{};
        std::copy_n(o.data + 24, a.size(), a.begin());
        q.protocol = o[6];
        q.destination = ip_address(a);
        q.size = ipv6_header + get16(o.data + 4);
        q.rest = o.from(ipv6_header);
        return q;
    }
    return std::nullopt;
}

}  // namespace

fitting fit(const std::vector<const association*>& bundle, const ip_view& v) {
    fitting f;
    const std::size_t size = v.packet.size, header = bundle.empty() || bundle.front()->parameters().mode == association_mode::tunnel
                                                         ? v.header.size
                                                         : end_of_hop_headers(v).end;
    f.may_be_cut = !v.dont_fragment;
    for (const association* a : bundle) {
        const association_parameters& p = a->parameters();
        if (p.mode == association_mode::tunnel && p.tunnel.dont_fragment != fragment_bit::copy)
            f.may_be_cut = p.tunnel.dont_fragment == fragment_bit::clear;
        if (a->cached().path_mtu) f.path_mtu = a->cached().path_mtu;
    }
    f.fits = fits(bundle, size, header);
    if (f.fits) {
        f.largest = size;
        return f;
    }
    std::size_t low = header, high = size;      // the longest that fits lies in [low, high): sizes grow with the packet
    if (!fits(bundle, low, header)) return f;
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        (fits(bundle, middle, header) ? low : high) = middle;
    }
    f.largest = low;
    return f;
}

std::optional<path_news> path_news_of(association_table& table, const icmp_error& e) {
    if (e.reason != icmp_reason::packet_too_big || !e.checksum_good) return std::nullopt;
    const auto q = beginning_of(e.about);
    if (!q) return std::nullopt;
    const bool udp = q->protocol == ip_protocol::udp, ah = q->protocol == ip_protocol::ah;
    if (!udp && !ah && q->protocol != ip_protocol::esp) return std::nullopt;
    const octets spi = q->rest.from(udp ? 8 : ah ? 4 : 0);
    if (spi.size < 4) return std::nullopt;
    const state::handle h = table.find(get32(spi.data), q->destination, ah ? security_protocol::ah : security_protocol::esp);
    const association* a = table.find(h);
    if (!a) return std::nullopt;
    const bool six = q->destination.version == 6;
    std::uint32_t mtu = e.mtu_or_pointer;
    if (mtu == 0 && !six)
        if (const auto* next = std::find_if(std::begin(plateaus), std::end(plateaus), [&](std::uint32_t p) { return p < q->size; });
            next != std::end(plateaus))
            mtu = *next;
    if (mtu < (six ? least_6 : least_4) || mtu > 65'535) return std::nullopt;
    if (a->cached().path_mtu && mtu >= a->cached().path_mtu) return std::nullopt;
    return path_news{h, mtu};
}

}  // namespace nicteam::ipsec
