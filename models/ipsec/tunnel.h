// The outer header of tunnel mode and what the inner one learns from it.
#pragma once

#include <cstdint>

#include "nicteam/ipsec/association.h"

namespace nicteam::ipsec {

// RFC 4301 5.1.2.1 and 5.1.2.2; congestion field: RFC 6040 4.1. The identification is never the inner one: two flows inside may
// have the same, and their outer fragments would be mixed.
packet::ip_fields outer_fields(const association&, const packet::ip_view& inner, std::uint8_t protocol, std::uint32_t identification);

// RFC 6040 4.2: marks `inner` as the outer header asks. false: the packet must be dropped.
bool join_congestion(std::uint8_t outer_traffic_class, bytes& inner);

}  // namespace nicteam::ipsec
