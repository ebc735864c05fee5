// A packet through the databases: outbound along a bundle, inbound for as long as something is encrypted. The whole of RFC 4301 5
// but reassembly, which is the caller's: what is a fragment comes back as `fragment`, at whatever depth.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/ipsec/databases.h"
#include "nicteam/ipsec/protect.h"

namespace nicteam::ipsec {

enum class passage : std::uint8_t {
    pass,                   // go on with `packet`
    fragment,               // inbound: reassemble first, then ask again
    // dropped
    discarded,              // by policy
    no_policy,
    plaintext,              // inbound: policy asks for protection that the packet does not have; auditable
    no_association,         // auditable
    exhausted,              // sequence numbers used up; auditable
    expired,                // hard lifetime
    refused,                // `why` tells
    too_deep,
};
const char* name(passage);

struct applied {
    state::handle association;
    std::uint64_t sequence = 0;
    ipsec::work work;
};

struct passed {
    passage how = passage::pass;
    outcome why = outcome::done;
    bytes packet;
    std::vector<applied> steps;      // outbound: innermost first; inbound: outermost first
    bool soft_expired = false;       // an association asks for its successor

    bool auditable() const;          // RFC 4303 2.2, 3.3.3, 3.4; RFC 4301 5.2
};

constexpr unsigned deepest_nesting = 8;

passed outbound(association_table&, const policy_list&, packet::octets packet, ps now);

// `steps`: associations applied already, before a reassembly in between.
passed inbound(association_table&, const policy_list&, packet::octets packet, ps now, std::vector<applied> steps = {});

}  // namespace nicteam::ipsec
