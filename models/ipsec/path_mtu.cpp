#include "nicteam/ipsec/path_mtu.h"

#include <algorithm>

#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/ipv4.h"

namespace nicteam::ipsec {
namespace {

using namespace packet;

std::size_t header_of(unsigned version) { return version == 4 ? ipv4_header : ipv6_header; }

bool fits(const std::vector<const association*>& bundle, std::size_t size, std::size_t header, std::uint32_t link) {
    for (const association* a : bundle) {
        const association_parameters& p = a->parameters();
        size = protected_size(p, size, header);
        if (p.mode == association_mode::tunnel) header = header_of(p.source.version);
        const std::uint32_t mtu = a->cached().path_mtu;
        if (mtu && size > mtu) return false;
    }
    return !link || size <= link;
}

}  // namespace

fitting fit(const std::vector<const association*>& bundle, const ip_view& v) {
    const bool tunnel = bundle.empty() || bundle.front()->parameters().mode == association_mode::tunnel;
    // Of IPv6, transport mode is the source's own, which may cut behind it (RFC 4303, 3.3.4).
    const bool own = v.version == 6 && !bundle.empty() &&
                     std::all_of(bundle.begin(), bundle.end(), [](const association* a) { return a->parameters().mode == association_mode::transport; });
    return fit(bundle, {v.packet.size, tunnel ? v.header.size : end_of_hop_headers(v).end, v.dont_fragment && !own});
}

fitting fit(const std::vector<const association*>& bundle, const measured& m, std::uint32_t link) {
    fitting f;
    f.may_be_cut = !m.dont_fragment;
    f.path_mtu = link;
    for (const association* a : bundle) {
        const association_parameters& p = a->parameters();
        if (p.mode == association_mode::tunnel && p.tunnel.dont_fragment != fragment_bit::copy)
            f.may_be_cut = p.tunnel.dont_fragment == fragment_bit::clear;
        if (const std::uint32_t mtu = a->cached().path_mtu) f.path_mtu = link ? std::min(link, mtu) : mtu;
    }
    f.fits = fits(bundle, m.octets, m.header, link);
    if (f.fits) {
        f.largest = m.octets;
        return f;
    }
    std::size_t low = m.header, high = m.octets;      // the longest that fits lies in [low, high): sizes grow with the packet
    if (!fits(bundle, low, m.header, link)) return f;
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        (fits(bundle, middle, m.header, link) ? low : high) = middle;
    }
    f.largest = low;
    return f;
}

std::optional<path_news> path_news_of(association_table& table, const icmp_error& e) {
    const auto told = told_path(e);
    if (!told) return std::nullopt;
    const bool udp = told->protocol == ip_protocol::udp, ah = told->protocol == ip_protocol::ah;
    if (!udp && !ah && told->protocol != ip_protocol::esp) return std::nullopt;
    const octets spi = told->rest.from(udp ? 8 : ah ? 4 : 0);
    if (spi.size < 4) return std::nullopt;
    const state::handle h = table.find(get32(spi.data), told->destination, ah ? security_protocol::ah : security_protocol::esp);
    const association* a = table.find(h);
    if (!a || (a->cached().path_mtu && told->mtu >= a->cached().path_mtu)) return std::nullopt;
    return path_news{h, told->mtu};
}

}  // namespace nicteam::ipsec
