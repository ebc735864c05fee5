// Who watches the inputs of IPsec logic 21a: 124 behind the multiplexer, or 150 beside it. Told at the edge at which a packet begins to pass.
#pragma once

#include "nicteam/base/frame.h"
#include "nicteam/base/span.h"
#include "nicteam/offload/multiplexer_120.h"

namespace nicteam::offload {

class joint_observer {
public:
    virtual ~joint_observer() = default;
    virtual void passes(unsigned joint, multiplexer_input from, trace_id, const span& words) = 0;      // joint: 124 or 150
    // Of one that passed while it came in, whose last word was `stalled` (stream.h): its last word, or the edge at which it is aborted.
    virtual void ends(unsigned joint, trace_id, ps at) = 0;
    virtual void stopped() = 0;               // a reset: what was passing does not any more
};

}  // namespace nicteam::offload
