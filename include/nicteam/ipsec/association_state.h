// The parts of a security association in octets, version 1, behind the header of state/part_format.h. Numbers are little endian;
// an address has 16 octets, IPv4 in the first four; unused octets and flags are zero, and refused when they are not.
//
//   CONST       spi 32 · protocol 8 (50 ESP, 51 AH) · mode 8 (0 transport, 1 tunnel) · cipher 8 · authentication 8 ·
//               flags 8: 0 extended sequence numbers, 1 UDP encapsulation, 2 fragments in transport mode, 3 outer ECN from inside,
//                 4 DSCP given, 5 protocol of the selector given, 6 cut before it is protected ·
//               IP version of the ends 8 · outer hop limit 8 · outer DF 8 (0 copy, 1 set, 2 clear) · DSCP 8 · protocol of the selector 8 ·
//               replay window 32, numbers · installed 64, ps · counter start 64 · source, destination: addresses ·
//               UDP source, destination 16 each · selector: source, then destination: version 8, prefix length 8, address ·
//               source ports low, high, destination ports low, high 16 each · cipher key length 16, authentication key length 16, octets ·
//               keys, one behind the other. What an association saves has both lengths 0: keys go in and never come out.
//   CACHED      soft, then hard: packets 64, octets 64, time 64 (ps); 0 none · path MTU 32, octets; 0 not known ·
//               peer: version 8, address · peer's UDP port 16
//   DELEGATED   highest sequence number drawn 64 · last of the numbers lent 64 · packets 64 · octets 64 · highest received 64 ·
//               the window's map: size / 64 words, rounded up, 64 each; bit k for the number `highest received` - k
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/ipsec/association.h"

namespace nicteam::ipsec {

constexpr std::uint16_t association_format = 1;

// With its keys: what the host writes when it hands an association to a device.
void write_constant(const constant_parameters&, bytes& out);

// Nothing when the octets are no such part. Whether there can be such an association is for `refusal` to say.
std::optional<constant_parameters> read_constant(packet::octets);

void write_cached(const cached_parameters&, bytes& out);
std::optional<cached_parameters> read_cached(packet::octets);

}  // namespace nicteam::ipsec
