#include "stack/send_security.h"

#include <algorithm>

#include "nicteam/ipsec/path_mtu.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/host/security_cost.h"

namespace nicteam::stack {
namespace {

using ipsec::association;
using ipsec::association_mode;
using ipsec::fragment_bit;

constexpr metric_info metric_rows[] = {
    {"protected", "packets", "datagrams to be protected, as a policy asks, that go on"},
    {"bypassed", "packets", "datagrams that a policy lets pass as they are"},
    {"discarded", "packets", "datagrams that a policy discards"},
    {"no_policy", "packets", "datagrams that no policy selects: dropped (RFC 4301, 5.1)"},
    {"not_protected", "packets", "datagrams to be protected whose way is not through the adapter that has the association: dropped"},
    {"protected_too_long", "packets", "datagrams that would be longer than the path behind their association, and may not be cut: dropped"},
    {"protection_expired", "packets", "datagrams to be protected by an association of the CPU's that is past its hard lifetime, or that its user has not added yet, or has deleted: dropped"},
    {"protection_exhausted", "packets", "datagrams to be protected by an association of the CPU's that has no sequence number left: dropped"},
    {"unprotectable", "packets", "datagrams that an association of the CPU's cannot protect: longer than IP can be, or malformed; dropped"},
    {"put_on_by_cpu", "associations", "put on packets by the CPU"},
    {"soft_lifetimes", "associations", "of the CPU's, past their soft lifetime: they ask for successors (RFC 4301, 4.4.2.1)"},
    {"hard_lifetimes", "associations", "of the CPU's, past their hard lifetime: nothing goes through them any more"},
    {"numbers_used_up", "associations", "of the CPU's that have given out their last sequence number (RFC 4303, 3.3.3)"},
};
constexpr outcome_info outcome_rows[] = {
    {"discarded", true, "a policy discards it"},
    {"no_policy", true, "no policy selects it"},
    {"not_protected", true, "the adapter on its way cannot protect it"},
    {"protected_too_long", true, "it would be longer than the path behind its association"},
    {"protection_expired", true, "its association is past its hard lifetime, or its user has not added it yet, or has deleted it"},
    {"protection_exhausted", true, "its association has no sequence number left"},
    {"unprotectable", true, "its association cannot protect it"},
    {"put_on", false, "IPsec was put on by the CPU: it goes on as what came out", true},
};
constexpr std::size_t put_on_row = 7, longest = 65'535;        // octets of a datagram, RFC 791 3.1
constexpr std::size_t unit = 8;                                // octets that offsets of fragments count

std::size_t header_of(unsigned version) { return version == 4 ? packet::ipv4_header : packet::ipv6_header; }

constexpr fault_info fault_rows[] = {
    {"unprotected", "", "what its policies protect is sent as it is: a stack that has lost them"},
};

}  // namespace

const block_info stack_protection_info = {"stack", "policies for what it sends", {}, metric_rows, {}, fault_rows, {}, {}, outcome_rows};

send_security::send_security(const sc_core::sc_object& stack, protocol_stack_100::machinery& m)
    : m_(m), lifetimes_([&]() -> std::array<counter*, ipsec::lifetimes::ends> {
          for (unsigned n = 0; n < metrics; ++n) counters_[n] = &sim::bind_counter(stack, metric_rows[n]);
          return {counters_[m_soft], counters_[m_hard], counters_[m_numbers]};
      }()) {
    sim::bind_fault(stack, fault_rows[0], [this, n = sim::fault_count()](bool begin, std::int64_t, ps) mutable {
        if (n.change(begin)) lost_ = begin;
    });
}

void send_security::add(const ipsec::policy& p) {
    list_.push_back(p);
    policies_ = ipsec::policy_list(list_);
}

std::string send_security::add(const outbound_association& a) {
    devices_[a.parameters.name] = {a.handle, a.adapter, a.ring, a.numbers, a.lives, a.put_on_now};
    return table_.add(a.parameters).refused;
}

std::string send_security::add(const ipsec::association_parameters& p, std::uint64_t iv_seed, ipsec::payload_kind payload) {
    return table_.add(p, 0, iv_seed, payload).refused;
}

bool send_security::gather(const ipsec::policy& p, bool instead) {
    bundle_.clear();
    handles_.clear();
    owners_.clear();
    outermost_ = nullptr;
    for (const std::string& name : p.bundle) {
        handles_.push_back(table_.named(name));
        bundle_.push_back(table_.find(handles_.back()));
        const auto d = devices_.find(name);
        if (!bundle_.back() || outermost_) return false;       // a command names one association: the last
        owners_.push_back(d != devices_.end() && instead ? d->second.numbers : table_.find(handles_.back()));
        if (d != devices_.end() && !instead) outermost_ = &d->second;
    }
    return true;
}

void send_security::plan(way_out& w, const ipsec::flow& f, std::size_t octets, unsigned adapter, ps now) {
    const ipsec::policy* which = policies_.find(f);
    if (!which) return void(w.fate = fate::no_policy);
    if (which->action == ipsec::policy_action::discard) return void(w.fate = fate::discarded);
    if (which->action == ipsec::policy_action::bypass || lost_) return;
    w.policy = which;
    const driver::capabilities& able = m_.below.able(adapter);
    const bool there = gather(*which);
    if (there && outermost_ && !outermost_->on_way_through(adapter, able.protects)) {
        w.instead = outermost_->numbers && outermost_->adapter == adapter;
        if (w.instead && outermost_->lives && !outermost_->lives()) return void(w.fate = fate::expired);
        if (!w.instead || !gather(*which, true)) return void(w.fate = fate::not_here);
    }
    if (!there) return void(w.fate = fate::not_here);
    w.by_cpu = cpus() > 0;
    w.by_ring = outermost_ && outermost_->ring;
    const unsigned version = f.source.version;
    if (!ipsec::fit(bundle_, {octets, header_of(version)}, able.mtu).fits) {
        bool found = false;
        for (unsigned first = 0; !found && first < bundle_.size(); ++first) found = bundle_[first]->parameters().cuts_before && cut_at(w, first, {octets, version}, able.mtu);
        for (unsigned first = cpus() + 1; !found && first-- > 0;) found = cut_at(w, first, {octets, version}, able.mtu);
        if (!found) return void(w.fate = fate::too_long);
    }
    w.fate = lives(w, now);
}

std::size_t send_security::largest(const ipsec::flow& f, unsigned adapter) {
    const ipsec::policy* which = policies_.find(f);
    if (!which || which->action != ipsec::policy_action::protect || !gather(*which)) return 0;
    const std::uint32_t link = m_.below.able(adapter).mtu;
    return ipsec::fit(bundle_, {link, header_of(f.source.version)}, link).largest;
}

// Whether what `first` associations have made of it can be cut there so that the pieces go through the others. It is our own datagram: it
// goes without DF when it is cut, and an outer header has DF only when its tunnel sets it, or copies that of IPv6, which says it always.
bool send_security::cut_at(way_out& w, unsigned first, extent e, std::size_t link) const {
    bool dont_fragment = false;
    for (unsigned n = 0; n < first; ++n) {
        const ipsec::association_parameters& p = bundle_[n]->parameters();
        e.octets = ipsec::protected_size(p, e.octets, header_of(e.version));
        if (p.mode != association_mode::tunnel) continue;
        dont_fragment = p.tunnel.dont_fragment == fragment_bit::copy ? dont_fragment || e.version == 6 : p.tunnel.dont_fragment == fragment_bit::set;
        e.version = p.source.version;
    }
    const std::vector<const association*> rest(bundle_.begin() + first, bundle_.end());
    if (dont_fragment || e.octets > longest) return false;
    if (!rest.empty() && rest.front()->parameters().mode != association_mode::tunnel && !rest.front()->parameters().fragments_in_transport) return false;
    std::size_t piece = ipsec::fit(rest, {e.octets, header_of(e.version)}, static_cast<std::uint32_t>(link)).largest;
    if (rest.empty() && bundle_.back()->cached().path_mtu) piece = std::min<std::size_t>(piece, bundle_.back()->cached().path_mtu);
    const bool six = e.version == 6;
    if (piece < header_of(e.version) + (six ? packet::fragment_header : 0) + unit) return false;
    w.first = first;
    w.piece = piece;
    w.frames = pieces_of(e.octets, piece, six);
    w.by_cpu = true;
    return true;
}

// Nothing is drawn for a datagram that does not go.
fate send_security::lives(const way_out& w, ps now) const {
    for (unsigned n = 0; n < cpus(); ++n) {
        if (owners_[n]->life(now) == ipsec::lifetime_state::hard_expired) return fate::expired;
        if (owners_[n]->left() < (w.piece && n >= w.first ? w.frames : 1)) return fate::exhausted;
    }
    return fate::goes;
}

void send_security::look(buffer& b, const way_out& w, ps now) {
    if (w.policy && w.fate != fate::not_here) {
        gather(*w.policy, w.instead);
        for (unsigned n = 0; n < cpus(); ++n) lifetimes_.look(handles_[n], *owners_[n], now);
        if (w.by_ring) b.ring = &*outermost_->ring;
        else if (outermost_) b.packet.protection = outermost_->handle;
    }
    if (w.fate == fate::goes) return counters_[w.policy ? m_protected : m_bypassed]->add();
    counters_[m_discarded + static_cast<unsigned>(w.fate) - 1]->add();
}

fate send_security::put_on(host::cpu& c, const way_out& w, packet::octets datagram, std::vector<bytes>& pieces) {
    gather(*w.policy, w.instead);
    const unsigned first = w.piece ? w.first : cpus();
    pieces.emplace_back(datagram.data, datagram.data + datagram.size);
    bool good = true;
    for (unsigned n = 0; good && n < first; ++n) good = apply(c, n, pieces.front());
    if (good && w.piece) {
        cut_.clear();
        const std::uint32_t identification = m_.next_identification(pieces.front(), c.now());
        good = packet::fragment(pieces.front(), w.piece, identification, cut_) == packet::fragment_result::fragmented;
        pieces.swap(cut_);
    }
    for (bytes& p : pieces)
        for (unsigned n = first; good && n < cpus(); ++n) good = apply(c, n, p);
    if (!good) counters_[m_refused]->add();
    return good ? fate::goes : fate::refused;
}

bool send_security::apply(host::cpu& c, unsigned which, bytes& packet) {
    association& a = *table_.find(handles_[which]);
    const ipsec::association_parameters& p = a.parameters();
    std::uint64_t sequence = 0;
    std::uint8_t iv[16];
    if (!owners_[which]->draw(sequence, iv)) return false;
    const bool tunnel = p.mode == association_mode::tunnel && p.source.version == 4;
    const std::uint8_t protocol = p.udp ? packet::ip_protocol::udp : static_cast<std::uint8_t>(p.protocol);
    const std::uint32_t identification = tunnel ? m_.identifications.next(p.source, a.cached().peer, protocol, c.now()) : 0;
    ipsec::work work;
    sealed_.clear();
    if (ipsec::protect(a, packet, sequence, iv, sealed_, work, identification) != ipsec::outcome::done) return false;
    owners_[which]->count(packet.size());
    packet.swap(sealed_);
    counters_[m_by_cpu]->add();
    charge(c, p, work);
    lifetimes_.look(handles_[which], *owners_[which], c.now());
    return true;
}

// A device that sends what it protects knows its path too: its driver hands it on.
bool send_security::learn(host::cpu& c, const packet::icmp_error& e) {
    const auto news = ipsec::path_news_of(table_, e);
    if (!news) return false;
    association& a = *table_.find(news->association);
    ipsec::cached_parameters cached = a.cached();
    cached.path_mtu = news->path_mtu;
    if (!a.change(cached).empty()) return false;
    const auto d = devices_.find(a.parameters().name);
    if (d == devices_.end() || (d->second.ring && !d->second.ring->transmits)) return true;
    driver::path_change& told = *told_.emplace_back(std::make_unique<driver::path_change>());
    told.association = d->second.ring ? d->second.ring->handle : d->second.handle;
    told.path_mtu = news->path_mtu;
    m_.stack.request(c, *this, d->second.ring ? d->second.ring->adapter : d->second.adapter, told);
    return true;
}

void send_security::completed(host::cpu&, driver::control& r) {
    told_.erase(std::find_if(told_.begin(), told_.end(), [&](const auto& one) { return one.get() == &r; }));
}

void send_security::refuse(host::cpu& c, buffer& b, fate f) {
    m_.station.ended(b.packet.id, outcome_rows[static_cast<unsigned>(f) - 1], c.now());
    m_.complete(c, b, driver::status::failed);
}

void send_security::end(trace_id id, ps at) const {
    if (cpus()) m_.station.ended(id, outcome_rows[put_on_row], at);
    else m_.end(id, stack_outcome::cut, at);
}

}  // namespace nicteam::stack
