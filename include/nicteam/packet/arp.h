// ARP for IPv4 over Ethernet, RFC 826.
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/packet/addresses.h"
#include "nicteam/packet/octets.h"

namespace nicteam::packet {

constexpr std::size_t arp_octets = 28;

enum class arp_operation : std::uint16_t { request = 1, reply = 2 };

struct arp_message {
    arp_operation operation = arp_operation::request;
    mac_address sender_mac{};
    ipv4_address sender_ip = 0;
    mac_address target_mac{};
    ipv4_address target_ip = 0;

    // Nothing when short, or not Ethernet/IPv4, or neither request nor reply.
    static std::optional<arp_message> parse(octets payload);
    void append_to(bytes& out) const;
};

bool is_arp(octets frame);                 // by its EtherType

// Whole frames, padded to 60 octets, without FCS.
void build_arp_request(bytes& out, const mac_address& own_mac, ipv4_address own_ip, ipv4_address wanted);
void build_arp_reply(bytes& out, const mac_address& own_mac, ipv4_address own_ip, const arp_message& request);

}  // namespace nicteam::packet
