#include "nicteam/offload/transmit_protection.h"

#include <algorithm>
#include <utility>

#include "nicteam/ipsec/lifetimes.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/ip.h"

namespace nicteam::offload {
namespace {

constexpr std::size_t type_at = 12;           // EtherType, behind the addresses
constexpr std::size_t longest_iv = 16;

bool carries_ip(const packet::ethernet_view& v) {
    return v.type_or_length == v.ether_type && (v.ether_type == packet::ether_type::ipv4 || v.ether_type == packet::ether_type::ipv6);
}

}  // namespace

transmit_protection::added transmit_protection::install(const ipsec::association_parameters& p, ps now, std::uint64_t iv_seed, ipsec::payload_kind payload) {
    ipsec::association_table& table = known_.table;
    if (std::string why = known_.refusal(p); !why.empty()) return {{}, std::move(why)};
    if (const std::string why = ipsec::refusal(p); !why.empty()) return {{}, why};
    ipsec::constant_parameters fixed;
    fixed.parameters = p;
    fixed.installed = now;
    const auto added = table.add(fixed, iv_seed, payload);
    if (!added.refused.empty()) return {{}, added.refused};
    ipsec::cached_parameters known = table.find(added.handle)->cached();
    known.soft = p.soft;
    known.hard = p.hard;
    known.path_mtu = p.path_mtu;
    if (const std::string why = table.find(added.handle)->change(known); !why.empty()) {
        table.remove(added.handle);
        return {{}, why};
    }
    known_.added(added.handle);
    return {added.handle, {}};
}

protected_frame transmit_protection::protect(const protection_order& o, packet::octets frame, ps now) {
    protected_frame f;
    const auto refuse = [&f](transmit_refusal r, ipsec::outcome why = ipsec::outcome::done) {
        f.refused = r;
        f.why = why;
        return std::move(f);
    };
    ipsec::association* a = known_.table.find(o.association);
    if (!a) return refuse(transmit_refusal::stale_handle);
    if (known_.table.frozen(o.association)) return refuse(transmit_refusal::frozen);
    if (a->life(now) == ipsec::lifetime_state::hard_expired) return refuse(transmit_refusal::expired);
    const auto link = packet::ethernet_view::parse(frame);
    const auto v = link && carries_ip(*link) ? packet::ip_view::parse(link->payload) : std::nullopt;
    if (!v) return refuse(transmit_refusal::packet, ipsec::outcome::malformed);
    const ipsec::association_parameters& p = a->parameters();
    const std::uint32_t path = a->cached().path_mtu;
    const std::size_t size = ipsec::protected_size(p, *v);
    if (size > longest_ || (path && size > path)) return refuse(transmit_refusal::too_long);
    if (o.sequence && (a->left() || !a->take({o.sequence, o.sequence}))) return refuse(transmit_refusal::number_refused);
    std::uint8_t iv[longest_iv];
    if (!a->draw(f.sequence, iv)) return refuse(a->exhausted() ? transmit_refusal::exhausted : transmit_refusal::no_number);
    if (repeats_ && latest_.association == o.association) a->iv_for(f.sequence = latest_.sequence, iv);
    latest_ = {o.association, f.sequence};
    const bool tunnel = p.mode == ipsec::association_mode::tunnel && p.source.version == 4;
    const std::uint8_t protocol = p.udp ? packet::ip_protocol::udp : static_cast<std::uint8_t>(p.protocol);
    const std::uint32_t identification = tunnel ? identifications_.next(p.source, a->cached().peer, protocol, now) : 0;
    const ipsec::outcome how = ipsec::protect(*a, v->packet, f.sequence, iv, f.octets, f.work, identification, &f.later);
    if (how != ipsec::outcome::done) {
        f.octets.clear();
        return refuse(transmit_refusal::packet, how);
    }
    f.soft_expired = ipsec::past_soft(*a, now);
    a->count(v->packet.size);
    const std::uint16_t type = f.octets[0] >> 4 == 4 ? packet::ether_type::ipv4 : packet::ether_type::ipv6;
    f.octets.insert(f.octets.begin(), frame.data, frame.data + packet::ethernet_header);
    f.later.shift(packet::ethernet_header);
    packet::put16(&f.octets[type_at], type);
    return f;
}

}  // namespace nicteam::offload
