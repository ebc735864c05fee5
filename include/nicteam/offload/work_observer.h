// Who is told what IPsec a device does in place of a CPU: a crypto block in the way of frames, or a unit with rings. No model decision depends on it.
#pragma once

#include "nicteam/ipsec/association.h"
#include "nicteam/ipsec/protect.h"
#include "nicteam/offload/engine_timing.h"

namespace nicteam::offload {

class work_observer {
public:
    virtual ~work_observer() = default;
    // For each association that was put on a packet (out) or looked at (in), good or not; what it took.
    virtual void worked(const ipsec::association_parameters&, const ipsec::work&) = 0;
    // A block in the way of frames: a packet of so many octets, as it came to it, had one or more of them put on or taken off.
    virtual void passed(way, std::uint32_t octets) = 0;
};

}  // namespace nicteam::offload
