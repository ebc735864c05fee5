// What becomes of a datagram on its way out (RFC 4301, 5.1): the first policy that selects it decides, none means that it is dropped. What is
// to be protected is protected by the adapter that has the association, or not sent.
#pragma once

#include <map>

#include "nicteam/ipsec/databases.h"
#include "nicteam/ipsec/protect.h"
#include "nicteam/stack/outbound_association.h"
#include "stack/machinery.h"

namespace nicteam::stack {

class send_security {
public:
    send_security(const sc_core::sc_object& stack, protocol_stack_100::machinery&);
    void add(const ipsec::policy&);
    void add(const outbound_association&);

    enum class fate : std::uint8_t { goes, discarded, no_policy, not_here, too_long };
    // `frame`: an IP packet behind its Ethernet header, for that adapter. What is to be protected is marked so.
    fate look(driver::packet&, packet::octets frame, unsigned adapter);
    void refuse(host::cpu&, buffer&, fate);

private:
    enum metric : unsigned { m_protected, m_bypassed, m_discarded, m_no_policy, m_not_here, m_too_long, metrics };

    protocol_stack_100::machinery& m_;
    std::vector<ipsec::policy> list_;
    ipsec::policy_list policies_;
    std::map<std::string, outbound_association> associations_;
    counter* counters_[metrics];
};

}  // namespace nicteam::stack
