// What makes frames at a peer: a generator, a replay, the responder. The peer asks who is ready when its line is free.
#pragma once

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
};

}  // namespace nicteam::peer
