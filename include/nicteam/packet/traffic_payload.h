// What generated frames carry: a mark with stream, sequence number, length and time, then a pattern of known octets, so that
// a receiver verifies every byte, sees loss, order and duplicates, and knows when the frame left.
//
// Mark, 18 octets, network order: 4E54h ("NT"), stream (2), sequence (4), octets of mark and pattern (2), time in ps (8).
// Pattern octet k of sequence number s is P(s * 97 mod 4096 + k), P(i) = low octet of 31 i + 7 + floor(i / 256).
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"
#include "nicteam/packet/addresses.h"
#include "nicteam/packet/octets.h"

namespace nicteam::packet {

constexpr std::size_t payload_mark = 18;      // what is left of a 64-octet frame behind Ethernet, IPv4, UDP, before the FCS

struct payload_fields {
    std::uint16_t stream = 0;
    std::uint32_t sequence = 0;
    std::uint16_t octets = 0;
    ps at = 0;
};

// n octets; n < 18: pattern only, no mark. n ≤ 61,000.
void fill_payload(std::uint8_t* to, std::size_t n, std::uint16_t stream, std::uint32_t sequence, ps at);

enum class payload_state : std::uint8_t { unmarked, good, damaged };   // unmarked: not ours; damaged: length or pattern differ
payload_state check_payload(octets payload, payload_fields& out);

// Whose frame it is.
struct traffic_addresses {
    mac_address source_mac{}, destination_mac{};
    ipv4_address source_ip = 0, destination_ip = 0;
    std::uint16_t source_port = 0, destination_port = 0;
    bool raw = false;                         // EtherType 88B5h, payload behind it
    bool six = false;                         // IPv6 between documentation_address() of both
    bool snap = false;                        // … in an LLC/SNAP header, not in Ethernet II
};

// A whole frame of `octets` octets (64 …, with the FCS to come): out holds octets - 4.
void build_traffic_frame(bytes& out, const traffic_addresses&, std::uint32_t octets, std::uint16_t stream, std::uint64_t sequence, ps at);

}  // namespace nicteam::packet
