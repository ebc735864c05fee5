// Addresses in a recorded frame replaced by others, checksums corrected by the difference: one that was wrong stays wrong.
#pragma once

#include <optional>

#include "nicteam/packet/addresses.h"
#include "nicteam/packet/octets.h"

namespace nicteam::peer {

struct new_addresses {
    std::optional<packet::mac_address> source_mac, destination_mac;
    std::optional<packet::ipv4_address> source_ip, destination_ip;
};

// `frame`: destination address … last octet before the FCS. Group destination addresses stay. In ARP the sender and target
// addresses follow. Whatever does not parse stays as it is.
void rewrite(bytes& frame, const new_addresses&);

// Was it sent by this MAC or IPv4 address (also as the sender of an ARP message)?
bool sent_by(packet::octets frame, const std::optional<packet::mac_address>&, const std::optional<packet::ipv4_address>&);

}  // namespace nicteam::peer
