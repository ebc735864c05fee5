// What of a frame chooses among links: the transmit hash policies of Linux bonding (Documentation/networking/bonding.rst, xmit_hash_policy).
// Frames of one flow hash alike; a link is `hash % links`. Decision 145 says what that page leaves open.
#pragma once

#include <cstdint>

#include "nicteam/packet/octets.h"

namespace nicteam::aggregation {

enum class hash_policy : std::uint8_t { layer2, layer2_3, layer3_4, encap2_3, encap3_4, vlan_srcmac };
constexpr const char* hash_policies = "layer2|layer2+3|layer3+4|encap2+3|encap3+4|vlan+srcmac";      // choices of a parameter, in that order

// `frame`: from the destination address on, at least 14 octets; it may be cut anywhere behind. What is not there is left out of the hash:
// a cut IP header leaves the hash of layer 2, cut ports leave that of the addresses.
//   layer2        last octets of both MAC addresses XOR the EtherType
//   layer2+3      … XOR both IP addresses, folded to eight bits and more (x ^= x >> 16, x ^= x >> 8)
//   layer3+4      ports (of ESP and AH the SPI, of an ICMP echo its identifier) XOR both IP addresses, folded, without the lowest bit;
//                 a fragment, the first one too, has no ports
//   encap2+3, encap3+4    the same of the innermost packet: behind IPv4 and IPv6 in IP, and GRE
//   vlan+srcmac   the VLAN's number XOR the upper XOR the lower half of the source address
std::uint32_t flow_hash(hash_policy, packet::octets frame);

}  // namespace nicteam::aggregation
