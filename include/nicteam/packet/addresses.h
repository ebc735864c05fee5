// MAC and IPv4 addresses as values and as text.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nicteam::packet {

using mac_address = std::array<std::uint8_t, 6>;
constexpr mac_address broadcast_mac{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

constexpr bool is_group(const mac_address& m) { return m[0] & 1; }           // multicast or broadcast
inline bool is_broadcast(const mac_address& m) { return m == broadcast_mac; }

// Host order: 192.0.2.1 is 0xC0000201.
using ipv4_address = std::uint32_t;

std::optional<mac_address> parse_mac(std::string_view);     // "02:00:00:00:00:01"
std::optional<ipv4_address> parse_ipv4(std::string_view);   // "192.0.2.1", four decimal parts
std::string to_text(const mac_address&);
std::string to_text(ipv4_address);

}  // namespace nicteam::packet
