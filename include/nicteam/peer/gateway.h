// IPsec at one place of a peer's way (RFC 4301, 3.3): the peer's own, or that of a security gateway or a bump in the wire before it. Policies
// and associations of its own; it puts together what is for it before it takes anything off.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "nicteam/ipsec/association_config.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/packet/icmp_error.h"
#include "nicteam/packet/identification.h"
#include "nicteam/packet/reassembly.h"
#include "nicteam/sim/session.h"

namespace nicteam::peer {

class gateway {
public:
    enum metric : unsigned { protected_packets, bypassed, unsent, soft_expired, opened, not_opened, metrics };

    // `path` names its metrics: the first rows of protection_info and of router_info. `own`: what is for it even where no association ends.
    gateway(const std::string& path, const packet::ip_address& own);

    // Why there can be no such association; empty: it is there.
    std::string add(const ipsec::association_parameters&, ipsec::payload_kind = ipsec::payload_kind::real);
    std::string add_inbound(const ipsec::association_parameters&, ipsec::payload_kind = ipsec::payload_kind::real);
    void add(const ipsec::policy&);

    // A packet and the size that would have gone through whole, octets.
    struct too_long {
        bytes about;
        std::size_t mtu = 0;
    };
    // One packet on its way out; what comes of it is appended: nothing, one, its pieces.
    void out(packet::octets, ps now, std::vector<bytes>& behind, std::vector<too_long>& refused);
    // Octets of the largest packet of such a flow that goes through whole on such a link; 0: no policy protects it.
    std::size_t largest(const ipsec::flow&, std::size_t link);
    // Why a packet did not open: no association for it or not fit for one, an ICV that does not verify, a sequence number that has been or is too old.
    enum class refusal : std::uint8_t { none, not_opened, not_authentic, replayed };
    // One packet on its way in; what comes of it is appended: nothing while pieces are missing, and what does not open is dropped. What no
    // association is for is appended as it is: who stands behind may have one.
    refusal in(packet::octets, ps now, std::vector<bytes>& clear);
    // A packet on its way in: it may be opened ahead of time.
    void foresee(packet::octets p) { ipsec::foresee(inbound_, p); }
    // "Too big", about one of its associations: that one knows a smaller path MTU from now on. false: about none, or nothing new.
    bool learn(const packet::icmp_error&);

private:
    void protect(packet::octets, ps now, std::vector<bytes>& behind, std::vector<too_long>& refused, bool piece);

    std::uint64_t seed_;
    ipsec::association_table table_, inbound_;
    std::vector<ipsec::policy> list_;
    std::unique_ptr<ipsec::policy_list> policies_;      // null: all pass
    std::set<packet::ip_address> ends_;                 // addresses that packets end at
    packet::identification_source identifications_;
    packet::reassembler pieces_;
    counter* counters_[metrics];
};

}  // namespace nicteam::peer
