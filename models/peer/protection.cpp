#include "nicteam/peer/protection.h"

#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/ipsec/process.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/fragment.h"

namespace nicteam::peer {
namespace {

using c = protection_config;
constexpr std::size_t least_mtu = 68, most_mtu = 1500;       // octets: RFC 791 3.2, IEEE 802.3 3.2.7
constexpr ps pause_after_drop = microsecond;                 // a source at line rate goes on so much later when nothing comes out: choice

constexpr parameter_info parameters[] = {
    {"interior_mtu", quantity::list, "", nullptr, nullptr, nullptr,
     "MTUs of the links behind the routers in front of its policies, the nearest first: it speaks for a net that has fragmented already. Left out: no router",
     "RFC 4301, 4.5: a security gateway", store<&c::interior_mtu>},
    {"route_mtu", quantity::list, "", nullptr, nullptr, nullptr,
     "MTUs of the links behind the routers between the peer and its link, the nearest first, as in [\"1400 B\", \"576 B\"]: each fragments what is longer. Left out: no router",
     "source document 004, 4: nodes with a smaller MTU", store<&c::route_mtu>},
    {"may_fragment", quantity::flag, "false", nullptr, nullptr, nullptr, "its traffic goes without DF, so that routers may cut what is not in a tunnel", "RFC 1191: senders set DF",
     store<&c::may_fragment>},
};
constexpr metric_info metric_rows[] = {
    {"protected", "packets", "datagrams protected by its policies"},
    {"bypassed", "packets", "datagrams that a policy lets pass as they are"},
    {"unsent", "packets", "datagrams that its policies and associations dropped"},
    {"soft_expired", "packets", "protected behind a soft lifetime: their association asks for a successor (RFC 4301, 4.4.2.1)"},
    {"fragments_sent", "fragments", "pieces that it, or a router, cut datagrams into, counted where they arrive at the link"},
    {"too_big", "packets", "dropped by a router: too long for its next link, with DF set"},
    {"opened", "packets", "received packets that its associations were taken off"},
    {"not_opened", "packets", "received packets of ESP or AH that none of its associations opens"},
};

// One hop: RFC 1812, 5.3.1. The checksum is renewed with the length, which stays.
void count_down(bytes& packet) {
    const bool six = packet[0] >> 4 == 6;
    constexpr std::size_t ttl_at = 8, hop_limit_at = 7;
    --packet[six ? hop_limit_at : ttl_at];
    packet::finish_ip(packet);
}

void clear_dont_fragment(bytes& packet) {
    if (packet[0] >> 4 != 4) return;
    constexpr std::size_t flags_at = 6;
    packet[flags_at] &= static_cast<std::uint8_t>(~0x40u);
    packet::finish_ip(packet);
}

packet::octets view(const bytes& b) { return {b.data(), b.size()}; }

bool parse_route(const std::vector<std::string>& written, std::vector<std::size_t>& out, std::string& why) {
    for (const std::string& s : written) {
        value v;
        if (!parse_quantity(quantity::size, s, v, why)) {
            why = fmt::format("\"{}\": {}", s, why);
            return false;
        }
        if (v.integer < static_cast<std::int64_t>(least_mtu) || v.integer > static_cast<std::int64_t>(most_mtu)) {
            why = fmt::format("\"{}\": is no MTU; allowed: {} B … {} B", s, least_mtu, most_mtu);
            return false;
        }
        out.push_back(static_cast<std::size_t>(v.integer));
    }
    return true;
}

}  // namespace

const block_info protection_info = {"peer", "what its traffic passes before it comes to its link: IPsec, routers", parameters, metric_rows, {}, {}, {}, {}, {}};

std::string problem_of(const std::vector<std::string>& mtu) {
    std::vector<std::size_t> route;
    std::string why;
    return parse_route(mtu, route, why) ? "" : why;
}

protection::protection(const std::string& path, const protection_config& k) : config_(k), seed_(sim::session::current().seed()) {
    std::string why;
    if (!parse_route(k.interior_mtu, interior_, why)) throw std::invalid_argument(path + ".interior_mtu " + why);
    if (!parse_route(k.route_mtu, route_, why)) throw std::invalid_argument(path + ".route_mtu " + why);
    for (unsigned m = 0; m < metrics; ++m) counters_[m] = &sim::session::current().bind_counter(path + "." + metric_rows[m].name, metric_rows[m]);
}

std::string protection::add(const ipsec::association_parameters& p, ipsec::payload_kind payload) {
    return table_.add(p, 0, random_stream(seed_, p.name, "iv").next(), payload).refused;
}

void protection::add(const ipsec::policy& p) {
    list_.push_back(p);
    policies_ = std::make_unique<ipsec::policy_list>(list_);
}

std::string protection::add_inbound(const ipsec::association_parameters& p, ipsec::payload_kind payload) {
    return inbound_.add(p, 0, 0, payload).refused;
}

bool protection::open(packet::octets f, ps now, bytes& clear) {
    const auto v = packet::ethernet_view::parse(f);
    const auto ip = v && (v->ether_type == packet::ether_type::ipv4 || v->ether_type == packet::ether_type::ipv6) ? packet::ip_view::parse(v->payload) : std::nullopt;
    if (!ip || inbound_.size() == 0) return false;
    const ipsec::passed done = ipsec::take_off(inbound_, ip->packet, now);
    const bool good = done.how == ipsec::passage::pass && done.taken_off > 0;
    if (good) counters_[p_opened]->add();
    else if (done.how != ipsec::passage::pass) counters_[p_not_opened]->add();
    if (!good) return false;
    clear.assign(f.data, f.data + packet::ethernet_header);
    clear.insert(clear.end(), done.packet.begin(), done.packet.end());
    constexpr std::size_t type_at = 12;
    packet::put16(&clear[type_at], done.packet[0] >> 4 == 4 ? packet::ether_type::ipv4 : packet::ether_type::ipv6);
    return true;
}

void protection::protect(packet::octets p, ps now, std::vector<bytes>& out, unsigned depth) {
    const ipsec::passed done = ipsec::outbound(table_, *policies_, p, now, identifications_);
    if (done.how == ipsec::passage::cut_first && depth == 0) {
        std::vector<bytes> pieces;
        packet::fragment(view(done.packet), done.mtu, 0, pieces);
        for (const bytes& piece : pieces) protect(view(piece), now, out, depth + 1);
        return;
    }
    if (done.how != ipsec::passage::pass) return counters_[p_dropped]->add();
    counters_[done.steps.empty() ? p_bypassed : p_protected]->add();
    if (done.soft_expired) counters_[p_soft]->add();
    if (done.mtu) packet::fragment(view(done.packet), done.mtu, 0, out);
    else out.push_back(done.packet);
}

void protection::route(std::vector<bytes>& packets, const std::vector<std::size_t>& links) {
    for (const std::size_t mtu : links) {
        std::vector<bytes> behind;
        for (bytes& p : packets) {
            count_down(p);
            const packet::fragment_result r = packet::fragment(view(p), mtu, 0, behind);
            if (r != packet::fragment_result::whole && r != packet::fragment_result::fragmented) counters_[p_too_big]->add();
        }
        packets = std::move(behind);
    }
}

void protection::pass(const frame& f, ps now, std::deque<ref<frame>>& queue) {
    const auto v = packet::ethernet_view::parse({f.data.data(), f.data.size() - packet::fcs_octets});
    std::vector<bytes> packets;
    const bool ip = v && (v->ether_type == packet::ether_type::ipv4 || v->ether_type == packet::ether_type::ipv6) && packet::ip_view::parse(v->payload);
    const auto to_link = [&](const bytes& behind_addresses) {
        const ref<frame> out = frame::make();
        out->data.assign(f.data.begin(), f.data.begin() + packet::ethernet_header);
        out->data.insert(out->data.end(), behind_addresses.begin(), behind_addresses.end());
        packet::pad_to_minimum(out->data);
        packet::append_lazy_fcs(*out);
        queue.push_back(out);
    };
    if (!ip) return to_link(bytes(f.data.begin() + packet::ethernet_header, f.data.end() - packet::fcs_octets));
    const packet::octets whole = packet::ip_view::parse(v->payload)->packet;
    bytes first(whole.data, whole.data + whole.size);
    if (config_.may_fragment) clear_dont_fragment(first);
    std::vector<bytes> inside;
    inside.push_back(std::move(first));
    route(inside, interior_);
    if (policies_)
        for (const bytes& p : inside) protect(view(p), now, packets, 0);
    else packets = std::move(inside);
    route(packets, route_);
    for (const bytes& p : packets) {
        if (packet::ip_view::parse(view(p))->is_fragment()) counters_[p_fragments]->add();
        to_link(p);
    }
}

outgoing protected_source::take(ps now) {
    if (queue_.empty()) {
        made_ = std::min(now, inner_->made(now));
        protection_.pass(*inner_->take(now).data, now, queue_);
        since_ = now;
        not_before_ = queue_.empty() ? now + pause_after_drop : 0;
        if (queue_.empty()) return {};
    }
    outgoing out{queue_.front()};
    queue_.pop_front();
    return out;
}

}  // namespace nicteam::peer
