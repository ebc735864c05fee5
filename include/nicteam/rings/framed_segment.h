// Ethernet and IP around segments, at the line of a device that runs connections.
#pragma once

#include "nicteam/packet/ip.h"
#include "nicteam/tcp/layers.h"

namespace nicteam::rings {

// A whole datagram of TCP in a frame (destination address … last octet before the FCS): good IPv4 header, no fragment, no extension header of IPv6.
struct framed_segment {
    packet::ip_address source, destination;
    packet::octets segment;
};
std::optional<framed_segment> segment_of(packet::octets frame);

// The frame without FCS, padded to 60 octets, as the path and its next hop say; it takes an IP-ID of the path's for IPv4. `own`: source address.
bytes frame_around(const bytes& segment, tcp::path& over, const packet::mac_address& own, const tcp::transport_cached& of);

}  // namespace nicteam::rings
