// A router between a peer and its link: IPv4 by RFC 1812, IPv6 by RFC 8200. It fragments what is too long for its next link (IPv6: never; only a
// source does), fragments of fragments among it, and tells the source of what it may not cut. As a security gateway it has policies and
// associations of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nicteam/peer/gateway.h"

namespace nicteam::peer {

constexpr std::size_t least_mtu = 68, most_mtu = 1500;       // octets: RFC 791 3.2, IEEE 802.3 3.2.7

struct router_config {
    std::string peer;                  // whose way it stands on; who builds the system resolves it
    std::string ip;                    // empty: that peer's, a bump in the wire (RFC 4301, 3.3)
    std::int64_t mtu = most_mtu;       // octets, of its link on the side away from the peer
};
extern const block_info router_info;   // kind "router"

// The source of what a router tells hosts: one that has no address of its own, but its peer's, speaks no word of that peer's. In IPv6 its
// documentation_address.
packet::ipv4_address told_from(packet::ipv4_address router, packet::ipv4_address peer);

class router {
public:
    // What happens to packets here, counted by whoever has the router.
    struct books {
        counter *fragments = nullptr, *too_big = nullptr, *too_far = nullptr;      // `fragments` may be null
    };
    // A plain one: it has no address of its own, and its messages come from `ip`.
    router(std::size_t mtu, const packet::ip_address& ip, const books&);
    // One of the scenario, `path` of its metrics.
    router(const std::string& path, const router_config&, const packet::ip_address& ip);

    gateway* security() { return security_.get(); }      // null: a plain one
    // The one of that version.
    packet::ip_address ip(unsigned version) const { return version == 4 ? ip_ : packet::documentation_address(ip_.v4()); }
    std::size_t mtu() const { return mtu_; }

    // One packet that goes away from the peer, and one that goes towards it over a link of `near_mtu`.
    void out(bytes, ps now, std::vector<bytes>& behind, std::vector<gateway::too_long>& refused);
    gateway::refusal in(bytes, ps now, std::size_t near_mtu, std::vector<bytes>& behind, std::vector<gateway::too_long>& refused);

private:
    void forward(bytes, std::size_t mtu, std::vector<bytes>& behind, std::vector<gateway::too_long>& refused);
    bool count_down(bytes&);

    std::size_t mtu_;
    packet::ip_address ip_;
    books books_;
    std::unique_ptr<gateway> security_;
};

}  // namespace nicteam::peer
