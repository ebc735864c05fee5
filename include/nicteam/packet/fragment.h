// Cutting a datagram into fragments: what a sender (IPv4, IPv6) or a router (IPv4) does. RFC 791 3.2, RFC 8200 4.5.
#pragma once

#include <vector>

#include "nicteam/packet/ip.h"

namespace nicteam::packet {

enum class fragment_result : std::uint8_t {
    whole,            // it fits as it is
    fragmented,
    dont_fragment,    // it does not fit and may not be cut: IPv4 with DF
    no_room,          // no eight octets of payload fit behind the header
    malformed,
};

// Pieces of `packet` of at most `mtu` octets each, in order, appended to `out`. An IPv4 fragment may be cut again; of the options
// the later pieces carry those with the copied flag (RFC 791, 3.1). IPv6: `identification` goes into the fragment header, the
// headers up to a routing header stay in every piece, and a packet that has a fragment header already is malformed (only a
// source fragments).
fragment_result fragment(octets packet, std::size_t mtu, std::uint32_t identification, std::vector<bytes>& out);

}  // namespace nicteam::packet
