// Arbitration policy: which of the requesting masters gets GNT#. One file per choice in models/pci/arbiters/.
#pragma once

#include <cstdint>
#include <memory>

namespace nicteam::pci {

class arbiter {
public:
    virtual ~arbiter() = default;
    // requests: bit m set when REQ# of master m is sampled low; never 0. last: master of the current or latest tenure.
    // Stateless: the same arguments give the same master.
    virtual unsigned choose(std::uint32_t requests, unsigned last) const = 0;
};

std::unique_ptr<arbiter> make_round_robin();   // the next requesting master after `last`
std::unique_ptr<arbiter> make_fixed();         // the lowest number

}  // namespace nicteam::pci
