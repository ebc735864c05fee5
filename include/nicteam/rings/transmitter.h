// The link of a unit that has one: where process-and-transmit leaves its frames.
#pragma once

#include "nicteam/base/frame.h"
#include "nicteam/base/time.h"
#include "nicteam/rings/entries.h"

namespace nicteam::rings {

class transmitter {
public:
    virtual ~transmitter() = default;
    // At an edge of the bus: a frame from its destination address on, without FCS, made of what that job names. false: there is no room;
    // ring_unit::may_transmit is called when there may be.
    virtual bool take(const bytes& frame, const job& made_of, ps at) = 0;
};

}  // namespace nicteam::rings
