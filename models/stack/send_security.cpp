#include "stack/send_security.h"

namespace nicteam::stack {
namespace {

constexpr metric_info metric_rows[] = {
    {"protected", "packets", "datagrams handed down to be protected, as a policy asks"},
    {"bypassed", "packets", "datagrams that a policy lets pass as they are"},
    {"discarded", "packets", "datagrams that a policy discards"},
    {"no_policy", "packets", "datagrams that no policy selects: dropped (RFC 4301, 5.1)"},
    {"not_protected", "packets", "datagrams to be protected whose way is not through the adapter that has the association: dropped"},
    {"protected_too_long", "packets", "datagrams that would be longer than the path behind their association: dropped, the stack cuts none"},
};
constexpr outcome_info outcome_rows[] = {
    {"discarded", true, "a policy discards it"},
    {"no_policy", true, "no policy selects it"},
    {"not_protected", true, "the adapter on its way cannot protect it"},
    {"protected_too_long", true, "it would be longer than the path behind its association"},
};

}  // namespace

const block_info stack_protection_info = {"stack", "policies for what it sends", {}, metric_rows, {}, {}, {}, {}, outcome_rows};

send_security::send_security(const sc_core::sc_object& stack, protocol_stack_100::machinery& m) : m_(m) {
    for (unsigned n = 0; n < metrics; ++n) counters_[n] = &sim::bind_counter(stack, metric_rows[n]);
}

void send_security::add(const ipsec::policy& p) {
    list_.push_back(p);
    policies_ = ipsec::policy_list(list_);
}

void send_security::add(const outbound_association& a) { associations_[a.parameters.name] = a; }

send_security::fate send_security::look(driver::packet& p, packet::octets frame, unsigned adapter) {
    const auto v = packet::ip_view::parse(frame.from(packet::ethernet_header));
    const ipsec::policy* which = v ? policies_.find(ipsec::flow::of(*v)) : nullptr;
    if (!which) return counters_[m_no_policy]->add(), fate::no_policy;
    if (which->action == ipsec::policy_action::discard) return counters_[m_discarded]->add(), fate::discarded;
    if (which->action == ipsec::policy_action::bypass) return counters_[m_bypassed]->add(), fate::goes;
    const auto a = which->bundle.size() == 1 ? associations_.find(which->bundle[0]) : associations_.end();
    const driver::capabilities& able = m_.below.able(adapter);
    if (a == associations_.end() || a->second.adapter != adapter || !able.protects) return counters_[m_not_here]->add(), fate::not_here;
    const std::size_t size = ipsec::protected_size(a->second.parameters, *v);
    const std::uint32_t path = a->second.parameters.path_mtu;
    if (size > able.mtu || (path && size > path)) return counters_[m_too_long]->add(), fate::too_long;
    counters_[m_protected]->add();
    p.protection = a->second.handle;
    return fate::goes;
}

void send_security::refuse(host::cpu& c, buffer& b, fate f) {
    m_.station.ended(b.packet.id, outcome_rows[static_cast<unsigned>(f) - 1], c.now());
    m_.complete(c, b, driver::status::failed);
}

}  // namespace nicteam::stack
