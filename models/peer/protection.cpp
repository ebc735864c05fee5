#include "nicteam/peer/protection.h"

#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/ipsec/transform_service.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/fragment.h"
#include "peer/framing.h"

namespace nicteam::peer {
namespace {

using c = protection_config;
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
#define PEER_GATEWAY_METRIC(name, meaning) {name, "packets", meaning},
constexpr metric_info metric_rows[] = {
#include "peer/gateway_metrics.def"
    {"fragments_sent", "fragments", "pieces that it, or a router, cut datagrams into, counted where they arrive at the link"},
    {"too_big", "packets", "dropped by a router without a name: too long for its next link, and not to be cut; their source is told"},
    {"too_far", "packets", "dropped by a router without a name: their time to live was over"},
    {"paths_learned", "messages", "ICMP \"too big\" from a router by which it, or a gateway before it, learned a smaller path MTU"},
    {"hosts_told", "messages", "ICMP \"too big\" that its routers sent to who sends to it"},
};
#undef PEER_GATEWAY_METRIC

void clear_dont_fragment(bytes& packet) {
    if (packet[0] >> 4 != 4) return;
    constexpr std::size_t flags_at = 6;
    packet[flags_at] &= static_cast<std::uint8_t>(~0x40u);
    packet::finish_ip(packet);
}

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

protection::protection(const std::string& path, const protection_config& k, const packet::ip_address& own) : config_(k), own_(own), security_(path, own) {
    for (unsigned m = gateway::metrics; m < metrics; ++m)
        counters_[m - gateway::metrics] = &sim::session::current().bind_counter(path + "." + metric_rows[m].name, metric_rows[m]);
    add_plain(k.interior_mtu, own);
    interior_ = routers_.size();
    add_plain(k.route_mtu, own);
}

void protection::add_plain(const std::vector<std::string>& written, const packet::ip_address& own) {
    std::vector<std::size_t> links;
    if (std::string why; !parse_route(written, links, why)) throw std::invalid_argument(why);
    const router::books b{nullptr, counters_[too_big - gateway::metrics], counters_[too_far - gateway::metrics]};
    for (const std::size_t mtu : links) routers_.push_back(std::make_unique<router>(mtu, own, b));
}

gateway& protection::add_router(const std::string& path, const router_config& k, const packet::ip_address& ip) {
    routers_.push_back(std::make_unique<router>(path, k, ip));
    return *routers_.back()->security();
}

// To whoever put the outermost header on: the nearest gateway before that stage whose association it is about, or the source.
void protection::tell(const gateway::too_long& r, std::size_t stage) {
    const router* by = hop(stage);
    const unsigned version = r.about[0] >> 4;
    const packet::ip_address from = by ? by->ip(version) : version == 4 ? own_ : packet::documentation_address(own_.v4());
    const bytes message = packet::make_icmp_error(r.about, packet::icmp_reason::packet_too_big, from, static_cast<std::uint32_t>(r.mtu));
    const auto v = packet::ip_view::parse(message);
    const auto e = v ? packet::icmp_error::parse(*v) : std::nullopt;
    if (!e) return;
    for (std::size_t k = stage; k-- > 0;) {
        gateway* g = hop(k) ? hop(k)->security() : &security_;
        if (g && g->learn(*e)) return counters_[paths_learned - gateway::metrics]->add();
    }
    const auto about = packet::ip_view::parse(r.about);
    // What its own policies make too long they cut themselves once it may be cut; of IPv6 only its source may, in front of them.
    const bool in_front = stage <= own_stage() && version == 6;
    const std::size_t mtu = in_front || stage > own_stage() ? r.mtu : most_mtu;
    const auto [known, fresh] = (in_front ? paths_in_front_ : paths_).emplace(about->destination, mtu);
    if (!fresh && known->second <= mtu) return;
    known->second = mtu;
    counters_[paths_learned - gateway::metrics]->add();
}

protection::packets protection::outward(packets all, std::size_t first_stage, ps now) {
    for (std::size_t k = first_stage; k < stages(); ++k) {
        packets behind;
        std::vector<gateway::too_long> refused;
        for (bytes& p : all) {
            if (router* r = hop(k)) r->out(std::move(p), now, behind, refused);
            else security_.out(p, now, behind, refused);
        }
        for (const gateway::too_long& r : refused) tell(r, k);
        all = std::move(behind);
        if (k == own_stage()) cut_own(all, paths_, now);
    }
    return all;
}

// A host cuts its own packets to its link, or to the path MTU that it knows, behind their protection (RFC 4303, 3.3.4). What may not be cut goes as it is.
void protection::cut_own(packets& all, const std::map<packet::ip_address, std::size_t>& paths, ps now) {
    packets behind;
    for (bytes& p : all) {
        const auto v = packet::ip_view::parse(p);
        const auto path = paths.find(v->destination);
        const std::size_t mtu = path == paths.end() ? most_mtu : path->second;
        const bool longer = p.size() > mtu;
        const std::uint32_t id = longer && v->version == 6 ? identifications_.next(v->source, v->destination, v->protocol, now) : 0;
        if (!longer || packet::fragment(p, mtu, id, behind) != packet::fragment_result::fragmented) behind.push_back(std::move(p));
    }
    all = std::move(behind);
}

std::size_t protection::path_mtu(const packet::ip_address& from, const packet::ip_address& to, std::uint8_t protocol) {
    std::size_t mtu = most_mtu;
    for (const auto* told : {&paths_, &paths_in_front_})
        if (const auto known = told->find(to); known != told->end()) mtu = std::min(mtu, known->second);
    const std::size_t inside = security_.largest({from, to, protocol, true, 0, 0}, most_mtu);
    return inside ? std::min(mtu, inside) : mtu;
}

void protection::pass(const frame& f, ps now, std::deque<ref<frame>>& queue) {
    const packet::octets whole{f.data.data(), f.data.size() - packet::fcs_octets};
    const auto ip = ip_of(whole);
    if (!ip) {
        const ref<frame> as_it_is = frame::make();
        as_it_is->data = f.data;
        as_it_is->fcs_known = f.fcs_known;
        return queue.push_back(as_it_is);
    }
    bytes first(ip->packet.data, ip->packet.data + ip->packet.size);
    if (config_.may_fragment || paths_.count(ip->destination)) clear_dont_fragment(first);
    packets one;
    one.push_back(std::move(first));
    if (!paths_in_front_.empty()) cut_own(one, paths_in_front_, now);
    for (const bytes& p : outward(std::move(one), 0, now)) {
        if (packet::ip_view::parse(p)->is_fragment()) counters_[fragments_sent - gateway::metrics]->add();
        queue.push_back(framed(whole, p));
    }
}

void protection::foresee(packet::octets f) {
    if (!ipsec::transform_service::ahead()) return;
    const auto ip = ip_of(f);
    for (std::size_t k = stages(); ip && --k > own_stage();)
        if (gateway* g = hop(k)->security()) g->foresee(ip->packet);
    if (ip) security_.foresee(ip->packet);
}

gateway::refusal protection::receive(packet::octets f, ps now, std::vector<bytes>& reached, std::deque<ref<frame>>& back) {
    using refusal = gateway::refusal;
    refusal why = refusal::none;
    const auto ip = ip_of(f);
    if (!ip) {
        reached.emplace_back(f.data, f.data + f.size);
        return why;
    }
    packets all;
    all.emplace_back(ip->packet.data, ip->packet.data + ip->packet.size);
    for (std::size_t k = stages(); --k > own_stage();) {
        packets behind;
        std::vector<gateway::too_long> refused;
        const std::size_t near_mtu = k - 1 > own_stage() ? hop(k - 1)->mtu() : most_mtu;
        for (bytes& p : all) {
            const std::size_t before = behind.size();
            const refusal r = hop(k)->in(std::move(p), now, near_mtu, behind, refused);
            if (behind.size() == before && r != refusal::none) why = r;
        }
        all = std::move(behind);
        for (const gateway::too_long& r : refused) {
            const unsigned version = r.about[0] >> 4;
            const packet::ipv4_address four = told_from(hop(k)->ip(4).v4(), own_.v4());
            const packet::ip_address from = version == 4 ? packet::ip_address(four) : packet::documentation_address(four);
            const bytes message = packet::make_icmp_error(r.about, packet::icmp_reason::packet_too_big, from, static_cast<std::uint32_t>(r.mtu));
            if (message.empty()) continue;
            counters_[hosts_told - gateway::metrics]->add();
            packets told;                                        // its own policies hold for it
            std::vector<gateway::too_long> lost;
            if (gateway* g = hop(k)->security()) g->out(message, now, told, lost);
            else told.push_back(message);
            for (const bytes& p : outward(std::move(told), k + 1, now)) back.push_back(framed(turned(f), p));
        }
    }
    packets clear;
    for (const bytes& p : all)
        if (const refusal r = security_.in(p, now, clear); r != refusal::none) why = r;
    for (const bytes& p : clear) reached.push_back(with_addresses(f, p));
    return why;
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
