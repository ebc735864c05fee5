#include "nicteam/peer/gateway.h"

#include <utility>

#include "nicteam/ipsec/path_mtu.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/packet/fragment.h"

namespace nicteam::peer {
namespace {

#define PEER_GATEWAY_METRIC(name, meaning) {name, "packets", meaning},
constexpr metric_info metric_rows[] = {
#include "peer/gateway_metrics.def"
};
#undef PEER_GATEWAY_METRIC
static_assert(std::size(metric_rows) == gateway::metrics);

packet::octets view(const bytes& b) { return {b.data(), b.size()}; }

gateway::refusal refusal_of(const ipsec::passed& p) {
    if (p.how != ipsec::passage::refused) return gateway::refusal::not_opened;
    switch (p.why) {
        case ipsec::outcome::dummy: return gateway::refusal::none;           // sent to be thrown away
        case ipsec::outcome::bad_icv: return gateway::refusal::not_authentic;
        case ipsec::outcome::replayed:
        case ipsec::outcome::too_old: return gateway::refusal::replayed;
        default: return gateway::refusal::not_opened;
    }
}

}  // namespace

gateway::gateway(const std::string& path, const packet::ip_address& own)
    : seed_(sim::session::current().seed()), ends_{own, packet::documentation_address(own.v4())} {
    for (unsigned m = 0; m < metrics; ++m) counters_[m] = &sim::session::current().bind_counter(path + "." + metric_rows[m].name, metric_rows[m]);
}

std::string gateway::add(const ipsec::association_parameters& p, ipsec::payload_kind payload) {
    return table_.add(p, 0, random_stream(seed_, p.name, "iv").next(), payload).refused;
}

std::string gateway::add_inbound(const ipsec::association_parameters& p, ipsec::payload_kind payload) {
    ends_.insert(p.destination);
    return inbound_.add(p, 0, 0, payload).refused;
}

void gateway::add(const ipsec::policy& p) {
    list_.push_back(p);
    policies_ = std::make_unique<ipsec::policy_list>(list_);
}

void gateway::out(packet::octets p, ps now, std::vector<bytes>& behind, std::vector<too_long>& refused) {
    if (policies_) protect(p, now, behind, refused, false);
    else behind.emplace_back(p.data, p.data + p.size);
}

void gateway::protect(packet::octets p, ps now, std::vector<bytes>& behind, std::vector<too_long>& refused, bool piece) {
    const ipsec::passed done = ipsec::outbound(table_, *policies_, p, now, identifications_);
    // Of a packet that it cuts it is the source, whose identification an IPv6 fragment has.
    const auto identification = [&](const bytes& whole) {
        const auto v = packet::ip_view::parse(view(whole));
        return v->version == 6 ? identifications_.next(v->source, v->destination, v->protocol, now) : 0;
    };
    if (done.how == ipsec::passage::cut_first && !piece) {
        std::vector<bytes> pieces;
        packet::fragment(view(done.packet), done.mtu, identification(done.packet), pieces);
        for (const bytes& one : pieces) protect(view(one), now, behind, refused, true);
        return;
    }
    if (done.how == ipsec::passage::over_path_mtu) refused.push_back({bytes(p.data, p.data + p.size), done.mtu});
    if (done.how != ipsec::passage::pass) return counters_[unsent]->add();
    counters_[done.steps.empty() ? bypassed : protected_packets]->add();
    if (done.soft_expired) counters_[soft_expired]->add();
    if (done.mtu) packet::fragment(view(done.packet), done.mtu, identification(done.packet), behind);
    else behind.push_back(done.packet);
}

std::size_t gateway::largest(const ipsec::flow& f, std::size_t link) {
    const ipsec::policy* which = policies_ ? policies_->find(f) : nullptr;
    if (!which || which->action != ipsec::policy_action::protect) return 0;
    std::vector<const ipsec::association*> bundle;
    for (const std::string& name : which->bundle)
        if (const ipsec::association* a = table_.find(table_.named(name))) bundle.push_back(a);
    const std::size_t header = f.source.version == 4 ? packet::ipv4_header : packet::ipv6_header;
    return ipsec::fit(bundle, {link, header}, static_cast<std::uint32_t>(link)).largest;
}

gateway::refusal gateway::in(packet::octets p, ps now, std::vector<bytes>& clear) {
    refusal why = refusal::none;
    ipsec::passed at;
    at.packet.assign(p.data, p.data + p.size);
    const auto for_it = [&] {
        const auto v = packet::ip_view::parse(view(at.packet));
        return v && ends_.count(v->destination);
    };
    while (inbound_.size() && for_it()) {
        at = ipsec::take_off(inbound_, packet::octets(at.packet), now, std::move(at.steps));
        if (at.how == ipsec::passage::keepalive) return why;
        if (at.how == ipsec::passage::pass) break;
        if (at.how == ipsec::passage::no_association) {
            if (for_it()) counters_[not_opened]->add(), why = refusal::not_opened;
            break;
        }
        if (at.how != ipsec::passage::fragment) {
            counters_[not_opened]->add();
            return refusal_of(at);
        }
        if (!for_it()) break;
        if (pieces_.add(view(at.packet), now, 0, ipsec::scope_of(at.steps)) != packet::reassembly_step::complete) return why;
        at.packet = std::move(pieces_.result().datagram);
    }
    if (at.taken_off) counters_[opened]->add();
    clear.push_back(std::move(at.packet));
    return why;
}

bool gateway::learn(const packet::icmp_error& e) {
    const auto news = ipsec::path_news_of(table_, e);
    if (!news) return false;
    ipsec::association& a = *table_.find(news->association);
    ipsec::cached_parameters c = a.cached();
    c.path_mtu = news->path_mtu;
    return a.change(c).empty();
}

}  // namespace nicteam::peer
