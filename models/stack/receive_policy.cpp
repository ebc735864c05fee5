#include "stack/receive_policy.h"

#include <algorithm>

#include "stack/receive_security.h"

namespace nicteam::stack {
namespace {

constexpr metric_info metric_rows[] = {
    {"inbound_protected", "packets", "received datagrams that came through the associations that their policy asks for"},
    {"inbound_bypassed", "packets", "received datagrams that a policy lets in as they are"},
    {"inbound_discarded", "packets", "received datagrams that a policy discards"},
    {"inbound_no_policy", "packets", "received datagrams that no policy selects: dropped (RFC 4301, 5.2)"},
    {"inbound_plaintext", "packets", "received without the protection that their policy asks for: dropped (RFC 4301, 5.2); audited"},
    {"inbound_mismatch", "packets", "received through other associations than their policy asks for: dropped (RFC 4301, 5.2); audited"},
    {"inbound_refused", "packets", "received packets that the device below had refused, for a reason that it counts: dropped"},
    {"inbound_audited", "packets", "of those dropped, the ones that RFC 4301, 4302 and 4303 want audited"},
};
constexpr outcome_info outcome_rows[] = {
    {"inbound_discarded", true, "a policy discards what it is"},
    {"inbound_no_policy", true, "no policy selects what it is"},
    {"inbound_plaintext", true, "it came without the protection that its policy asks for"},
    {"inbound_mismatch", true, "it came through other associations than its policy asks for"},
    {"inbound_refused", true, "the device below had refused it"},
};
constexpr fault_info fault_rows[] = {
    {"unjudged", "", "what comes in is let in whatever its policy asks for: a stack that has lost its policies"},
};

}  // namespace

const block_info stack_judgement_info = {"stack", "policies for what it receives", {}, metric_rows, {}, fault_rows, {}, {}, outcome_rows};

receive_policy::receive_policy(const sc_core::sc_object& stack, protocol_stack_100::machinery& m) : m_(m) {
    for (unsigned n = 0; n < metrics; ++n) counters_[n] = &sim::bind_counter(stack, metric_rows[n]);
    sim::bind_fault(stack, fault_rows[0], [this, n = sim::fault_count()](bool begin, std::int64_t, ps) mutable {
        if (n.change(begin)) blind_ = begin;
    });
}

void receive_policy::add(const ipsec::policy& p) {
    list_.push_back(p);
    policies_ = ipsec::policy_list(list_);
}

std::string_view receive_policy::name_of(unsigned adapter, state::handle h) const {
    const auto it = std::find_if(known_.begin(), known_.end(), [&](const inbound_association& a) { return a.adapter == adapter && a.handle == h; });
    return it == known_.end() ? std::string_view() : it->name;
}

bool receive_policy::drop(host::cpu& c, trace_id id, metric m, outcome o, bool audited) {
    counters_[m]->add();
    if (audited) counters_[m_audited]->add();
    m_.station.ended(id, outcome_rows[static_cast<unsigned>(o)], c.now());
    return false;
}

bool receive_policy::begin(host::cpu& c, unsigned adapter, const driver::packet& p) {
    const driver::security_status& s = p.security;
    // No IP is for the stack to find out.
    constexpr std::uint8_t first_outcome = 64, malformed = first_outcome + static_cast<std::uint8_t>(ipsec::outcome::malformed);
    if (s.verdict == driver::security_verdict::refused && s.reason != malformed) {
        ipsec::passed told;
        told.how = s.reason < first_outcome ? static_cast<ipsec::passage>(s.reason) : ipsec::passage::refused;
        if (s.reason > first_outcome) told.why = static_cast<ipsec::outcome>(s.reason - first_outcome);
        return drop(c, p.id, m_refused, outcome::refused, told.auditable());
    }
    through_.clear();
    for (const driver::security_status::seen& a : s.associations) {
        through_.push_back(name_of(adapter, a.association));
        if (m_.security) m_.security->seen(through_.back(), a.sequence);
    }
    // Not that of an association of the CPU's own.
    constexpr std::uint64_t devices = std::uint64_t{1} << 63;
    constexpr unsigned adapter_at = 56, generation_at = 32;
    scope_ = 0;
    if (s.associations.empty()) return true;
    const state::handle h = s.associations.back().association;
    scope_ = devices | std::uint64_t{adapter} << adapter_at | std::uint64_t{h.generation} << generation_at | h.index;
    return true;
}

bool receive_policy::lets_in(host::cpu& c, const packet::ipv4_view& v, trace_id id) {
    return list_.empty() || lets_in(c, *packet::ip_view::parse({v.header.data, v.header.size + v.payload.size}), id);
}

bool receive_policy::lets_in(host::cpu& c, const packet::ip_view& whole, trace_id id) {
    if (list_.empty()) return true;
    c.spend(host::of(cost::policy));
    if (blind_) return true;
    const ipsec::policy* which = policies_.find(ipsec::flow::of(whole));
    const ipsec::judgement j = ipsec::judged(which, through_);
    trail_.add(j.how, j.why, whole.packet, c.now());
    switch (j.how) {
        case ipsec::passage::pass: counters_[which->action == ipsec::policy_action::bypass ? m_bypassed : m_protected]->add(); return true;
        case ipsec::passage::discarded: return drop(c, id, m_discarded, outcome::discarded, false);
        case ipsec::passage::no_policy: return drop(c, id, m_no_policy, outcome::no_policy, false);
        case ipsec::passage::plaintext: return drop(c, id, m_plaintext, outcome::plaintext, true);
        default: return drop(c, id, m_mismatch, outcome::mismatch, true);
    }
}

}  // namespace nicteam::stack
