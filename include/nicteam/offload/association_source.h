// Where an association comes from that is not at hand: host memory, over the bus (docs/crypto-block.md). One at a time.
#pragma once

#include "nicteam/base/time.h"
#include "nicteam/state/handle.h"

namespace nicteam::offload {

class association_source {
public:
    virtual ~association_source() = default;
    // Asked at `at`, an edge of the block; ends with receive_block::fetched().
    virtual void fetch(state::handle, ps at) = 0;
    virtual void forget() = 0;                       // nobody waits for it any more
};

}  // namespace nicteam::offload
