// What ICMP told of the paths to others: "fragmentation needed" (RFC 1191), "too big" (RFC 8201). A path never grows by such a message.
#pragma once

#include <algorithm>
#include <map>
#include <optional>

#include "nicteam/packet/icmp_error.h"

namespace nicteam::stack {

class path_mtus {
public:
    // Octets, at most `link`.
    std::size_t to(packet::ipv4_address a, std::size_t link) const { return of(all_, a, link); }
    std::size_t to_ipv6(packet::ipv4_address a, std::size_t link) const { return of(six_, a, link); }      // documentation_address() of it
    // true: it tells of a path that is shorter than was known.
    bool learn(const packet::icmp_error& e) {
        const auto told = packet::told_path(e);
        if (!told) return false;
        const bool four = told->destination.version == 4;
        const auto to = four ? std::optional(told->destination.v4()) : packet::documented(told->destination);
        if (!to) return false;
        const auto [it, fresh] = (four ? all_ : six_).emplace(*to, told->mtu);
        if (fresh || told->mtu >= it->second) return fresh;
        it->second = told->mtu;
        return true;
    }

private:
    using known = std::map<packet::ipv4_address, std::uint32_t>;
    static std::size_t of(const known& all, packet::ipv4_address a, std::size_t link) {
        const auto it = all.find(a);
        return it == all.end() ? link : std::min<std::size_t>(link, it->second);
    }

    known all_, six_;
};

}  // namespace nicteam::stack
