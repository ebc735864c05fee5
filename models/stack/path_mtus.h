// What ICMP told of the paths to others: "fragmentation needed" (RFC 1191). A path never grows by such a message.
#pragma once

#include <algorithm>
#include <map>
#include <optional>

#include "nicteam/packet/icmp_error.h"

namespace nicteam::stack {

class path_mtus {
public:
    // Octets, at most `link`.
    std::size_t to(packet::ipv4_address a, std::size_t link) const {
        const auto it = all_.find(a);
        return it == all_.end() ? link : std::min<std::size_t>(link, it->second);
    }
    // true: it tells of a path that is shorter than was known.
    bool learn(const packet::icmp_error& e) {
        const auto told = packet::told_path(e);
        if (!told || told->destination.version != 4) return false;
        const auto [it, fresh] = all_.emplace(told->destination.v4(), told->mtu);
        if (fresh || told->mtu >= it->second) return fresh;
        it->second = told->mtu;
        return true;
    }

private:
    std::map<packet::ipv4_address, std::uint32_t> all_;
};

}  // namespace nicteam::stack
