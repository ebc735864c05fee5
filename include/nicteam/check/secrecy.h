// I-1: what leaves a transmitter in the clear is not what a policy of its sender protects; fragments of it neither.
//
// Looks at the frames themselves. ESP and AH are protection; so is UDP with an SPI of an association behind its ports (RFC 3948), of the sender or of a gateway between it
// and the link. A fragment that is not the first may leave when the first of its datagram might, or, of UDP where such an association is, when it was not seen; else it shows no ports, and no policy that names some is
// meant (RFC 4301, 7). What routers between sender and link tell hosts has not come by the sender.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "nicteam/check/breaches.h"
#include "nicteam/ipsec/association.h"
#include "nicteam/ipsec/databases.h"
#include "nicteam/packet/ip.h"
#include "nicteam/packet/octets.h"

namespace nicteam::check {

class secrecy {
public:
    secrecy(breaches& b, std::string sender) : breaches_(b), sender_(std::move(sender)) {}
    void add(const ipsec::policy& p) { policies_.push_back(p); }
    // One of the sender's, or of a gateway between it and the link.
    void add(const ipsec::association_parameters& p) {
        if (p.udp) in_udp_.insert(p.spi);
    }
    // A router between the sender and the link, and where its ICMP errors come from, in either version: they pass no policy of the sender.
    void add_router_behind(const packet::ip_address& four, const packet::ip_address& six) {
        ++routers_behind_;
        told_from_.insert(told_from_.end(), {four, six});
    }
    // A frame, or as much of one as left, without FCS. `where`: the transmitter.
    void left(packet::octets frame, trace_id, const std::string& where, ps);

    bool protects() const;                            // something: what leaves is worth judging
    struct exposure { std::uint64_t judged = 0, clear = 0, octets = 0; };        // frames; of these, those that leaked; what lay behind their headers
    const exposure& found() const { return found_; }

private:
    using datagram = std::tuple<std::vector<std::uint8_t>, std::uint32_t>;       // addresses and protocol; identification
    bool is_protected(const struct seen_packet&) const;
    bool told_behind(const struct seen_packet&) const;
    bool may_leave(const struct seen_packet&, const ipsec::policy*& which) const;

    breaches& breaches_;
    std::string sender_;
    std::vector<ipsec::policy> policies_;
    std::set<std::uint32_t> in_udp_;
    unsigned routers_behind_ = 0;
    std::vector<packet::ip_address> told_from_;
    exposure found_;
    std::deque<datagram> clear_;         // by a first fragment that might not
    std::deque<datagram> begun_;         // by a first fragment that might leave, the latest: their pieces leave one behind the other
};

}  // namespace nicteam::check
