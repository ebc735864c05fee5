// Where the headers of an IPv4 packet lie in a frame, as the parsers of the 82550 find them: Ethernet II with type 0800h or IEEE 802.2 with SNAP,
// either behind one VLAN tag (SDM B.4.1, docs/nic-82550.md). Plain C++.
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/octets.h"

namespace nicteam::nic {

constexpr std::size_t vlan_tag_at = 12, vlan_tag_octets = 4;      // behind both addresses (IEEE 802.1Q 9.3)
bool has_vlan_tag(packet::octets frame);

// `frame`: destination address … last octet before the CRC. Offsets count from its first octet.
struct packet_headers {
    std::size_t ip = 0;                  // the IPv4 header; its length and the packet's fit into the frame
    std::size_t transport = 0, end = 0;  // what is behind it, and the first octet behind the packet
    std::uint8_t protocol = 0;
    bool fragment = false;               // any but a whole packet

    static std::optional<packet_headers> find(packet::octets frame);
    // The same of an IPv4 packet that is said to be at `ip`.
    static std::optional<packet_headers> at(packet::octets frame, std::size_t ip);
};

}  // namespace nicteam::nic
