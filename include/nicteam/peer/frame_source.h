// What makes frames at a peer: a generator, a replay, the responder. The peer asks who is ready when its line is free.
#pragma once

#include <algorithm>
#include <cstdint>

#include "nicteam/base/frame.h"
#include "nicteam/base/time.h"
#include "nicteam/wire/link.h"

namespace nicteam::peer {

struct outgoing {
    ref<frame> data;
    wire::wire_end quality = wire::wire_end::good;   // bad_fcs: sent as it is
};

class frame_source {
public:
    virtual ~frame_source() = default;
    // When its next frame may begin; `never`: nothing (for now). Asked again after take() and after sources were told of input.
    virtual ps ready() const = 0;
    // Hands over the frame that was ready at or before `now`, when it begins.
    virtual outgoing take(ps now) = 0;

    // What it sends was recorded elsewhere: nothing of this system made it.
    virtual bool from_recording() const { return false; }

    // When that frame was made, `free` being since when the line could have taken it. Who makes a frame when the one before has gone
    // (line rate) makes it for the free line; the others by their own clock.
    virtual ps made(ps free) const { return std::max(ready(), free); }
    // Frames of a clock of their own are made however long the line takes: when the next one comes behind those that have come …
    virtual ps next_arrival() const { return never; }
    virtual void arrive() {}
    // … and those that have come and wait.
    virtual std::uint64_t waiting() const { return 0; }
};

}  // namespace nicteam::peer
