// The cliff: a packet that fits the path as it is and no longer does when it is protected. RFC 4301 8, RFC 1191, RFC 8201.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "nicteam/ipsec/databases.h"
#include "nicteam/packet/icmp_error.h"

namespace nicteam::ipsec {

// A packet behind every association of a bundle, innermost first, against the path MTU that each of them knows (0: not known).
struct fitting {
    bool fits = true;
    std::size_t largest = 0;       // octets of the largest packet with such headers that fits; 0: none does
    // What grows too long may be cut behind the last association: its outer header does not say DF. IPv6 inside says it always;
    // what a tunnel makes of it is the tunnel's (RFC 4301, 8.1).
    bool may_be_cut = false;
    std::uint32_t path_mtu = 0;    // octets, of the outermost that knows one; 0: none does
};
fitting fit(const std::vector<const association*>& bundle, const packet::ip_view&);

// The same of a packet that is not made yet. `header`: in transport mode the octets of it that stay outside. `link`: octets that go onto the
// link at most; 0: any.
struct measured {
    std::size_t octets = 0, header = packet::ipv4_header;
    bool dont_fragment = false;
};
fitting fit(const std::vector<const association*>& bundle, const measured&, std::uint32_t link = 0);

// What an ICMP message "too big" says of one of our associations (RFC 4301, 8.2.1).
struct path_news {
    state::handle association;
    std::uint32_t path_mtu = 0;    // octets
};
// Nothing when packet::told_path has nothing, when it is about none of them (another protocol, too little quoted to show the SPI, an unknown
// SPI), or when it is none that lowers what is known.
std::optional<path_news> path_news_of(association_table&, const packet::icmp_error&);

}  // namespace nicteam::ipsec
