// A packet through the databases: outbound along a bundle, inbound for as long as something is encrypted. The whole of RFC 4301 5
// but reassembly, which is the caller's: what is a fragment comes back as `fragment`, at whatever depth.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "nicteam/ipsec/databases.h"
#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/identification.h"

namespace nicteam::ipsec {

enum class passage : std::uint8_t {
    pass,                   // go on with `packet`
    fragment,               // inbound: reassemble first, then ask again
    cut_first,              // outbound: cut `packet` to pieces of `mtu` octets and take each along the policy
    // dropped
    discarded,              // by policy
    no_policy,
    plaintext,              // inbound: policy asks for protection that the packet does not have; auditable
    no_association,         // auditable
    exhausted,              // sequence numbers used up; auditable
    no_lease,               // the numbers lent are used up; there may be more
    expired,                // hard lifetime
    over_path_mtu,          // outbound: too long for the path and not to be cut; its source is told of `mtu` (RFC 4301, 8.2.1)
    too_deep,
    keepalive,              // inbound: what keeps a translator's mapping alive (RFC 3948, 2.3)
    refused,                // `why` tells
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
    std::vector<applied> steps;      // outbound: innermost first; inbound: outermost first, and last the one that dropped it
    std::size_t taken_off = 0;       // inbound: of `steps`, those that did not drop it
    bool soft_expired = false;       // an association asks for its successor
    // Outbound, octets: with `pass`, what the packet must be cut to behind the last association, 0: it fits; with `cut_first` and
    // `over_path_mtu`, the largest packet that goes through whole.
    std::size_t mtu = 0;

    bool dropped() const { return how > passage::cut_first; }
    bool auditable() const;          // RFC 4303 2.2, 3.3.3, 3.4; RFC 4301 5.2
    const char* reason() const { return how == passage::refused ? name(why) : name(how); }
};

constexpr unsigned deepest_nesting = 8;      // associations on one packet

passed outbound(association_table&, const policy_list&, packet::octets packet, ps now, packet::identification_source&);

// The same for a policy that has been found: the pieces of a packet that was cut show no ports to find it by (RFC 4301, 7).
passed outbound_along(association_table&, const policy&, packet::octets packet, ps now, packet::identification_source&);

// Takes off what is encrypted, for as long as something is and an association for it is there; asks no policy. When that ends
// early, `packet` is what it was then: encrypted. `steps`: associations taken off already, before a reassembly in between.
passed uncover(association_table&, packet::octets packet, ps now, std::vector<applied> steps = {});

// The same, and what comes to light must be as the policies ask. A dropped packet is gone.
passed inbound(association_table&, const policy_list&, packet::octets packet, ps now, std::vector<applied> steps = {});

// Its two halves, for a device that takes off what it has associations for and a host that knows the policies. What was never
// protected passes the first; the second judges what passed it. What the first drops it leaves as it was then: encrypted, for whom
// it was dropped to look at.
passed take_off(association_table&, packet::octets packet, ps now, std::vector<applied> steps = {}, window_use = window_use::full);
passed judged(const association_table&, const policy_list&, passed);

// What a policy (nullptr: none selects the packet) says of one that came through these associations, the outermost first: `pass`, `discarded`,
// `no_policy`, `plaintext`, or `refused` as a selector_mismatch: it was protected, but not as the policy asks (RFC 4301, 5.2).
struct judgement {
    passage how = passage::pass;
    outcome why = outcome::done;
};
judgement judged(const policy*, const std::vector<std::string_view>& through);

// What the lengths of a whole packet that carries ESP or AH tell ahead of its decryption: done, short_packet or misaligned. `done` too
// where there is no association: that is for take_off to say.
outcome lengths(const association_table&, const packet::ip_view&);

// A packet on its way to where these associations are taken off: if somebody works ahead (ipsec/transform_service.h), it is opened already.
void foresee(association_table&, packet::octets packet);

// What keeps a translator's mapping alive: one octet FFh to port 4500 (RFC 3948, 2.3).
bool keeps_alive(const packet::ip_view&);

// Where fragments behind these steps may be joined: reassembler::add's scope. Those that came out of one association stay among
// themselves; what was never protected has 0.
std::uint64_t scope_of(const std::vector<applied>& steps);

}  // namespace nicteam::ipsec
