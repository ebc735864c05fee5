// AH: which octets of the headers in front of it count, and with what value (RFC 4302 3.3.3).
#pragma once

#include "nicteam/ipsec/protect.h"

namespace nicteam::ipsec {

constexpr std::size_t ah_fixed = 12;      // next header, length, reserved, SPI, sequence number

// With its ICV, padded to what IPv4 (4) or IPv6 (8) asks.
std::size_t ah_size(const algorithms&, unsigned version);

// The headers of `packet` up to AH as its ICV covers them: mutable fields zero, predictable ones as they arrive.
// Nothing when an option cannot be judged.
std::optional<bytes> immutable_headers(const packet::ip_view&, std::size_t ah_at);

}  // namespace nicteam::ipsec
