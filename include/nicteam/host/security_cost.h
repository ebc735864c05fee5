// What IPsec costs a CPU.
#pragma once

#include <array>

#include "nicteam/host/costs.h"
#include "nicteam/ipsec/protect.h"

namespace nicteam::host {

// So many of a row of the cost table; none: 0.
struct charged {
    cost of = cost::ipsec;
    std::uint64_t n = 0;
};
// The work of one association on one packet, put on or taken off, by its algorithms: the association itself, GHASH beside a cipher, the cipher, the hash.
using security_costs = std::array<charged, 4>;
security_costs costs_of(const ipsec::association_parameters&, const ipsec::work&);

void charge(cpu&, const ipsec::association_parameters&, const ipsec::work&);

}  // namespace nicteam::host
