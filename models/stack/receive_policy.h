// What may go up (RFC 4301, 5.2): whatever took IPsec off a datagram, a device or the CPU, the first policy that selects what came to light must
// ask for just that. What a device refused ends here.
#pragma once

#include <string_view>
#include <vector>

#include "nicteam/ipsec/audit.h"
#include "nicteam/ipsec/databases.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/stack/inbound_association.h"
#include "stack/machinery.h"

namespace nicteam::stack {

class receive_policy {
public:
    receive_policy(const sc_core::sc_object& stack, protocol_stack_100::machinery&);
    void add(const ipsec::policy&);
    void add(const inbound_association& a) { known_.push_back(a); }

    // A packet comes from an adapter, with what its device says of it. false: it has ended.
    bool begin(host::cpu&, unsigned adapter, const driver::packet&);
    // The CPU took off one more.
    void took_off(std::string_view association) { through_.push_back(association); }
    // Where pieces of it may be joined: reassembler::add's scope.
    std::uint64_t scope() const { return scope_; }
    // A whole datagram in the clear. false: it has ended.
    const ipsec::audit_trail& audited() const { return trail_; }      // what its policies dropped
    bool lets_in(host::cpu&, const packet::ipv4_view&, trace_id);
    bool lets_in(host::cpu&, const packet::ip_view&, trace_id);

private:
    enum metric : unsigned { m_protected, m_bypassed, m_discarded, m_no_policy, m_plaintext, m_mismatch, m_refused, m_audited, metrics };
    enum class outcome : unsigned { discarded, no_policy, plaintext, mismatch, refused };
    bool drop(host::cpu&, trace_id, metric, outcome, bool audited);
    std::string_view name_of(unsigned adapter, state::handle) const;

    protocol_stack_100::machinery& m_;
    std::vector<ipsec::policy> list_;
    ipsec::policy_list policies_;
    std::vector<inbound_association> known_;
    std::vector<std::string_view> through_;      // of the packet in hand, the outermost first
    std::uint64_t scope_ = 0;
    bool blind_ = false;                         // a fault
    ipsec::audit_trail trail_;
    counter* counters_[metrics];
};

}  // namespace nicteam::stack
