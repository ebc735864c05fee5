// Frames of which one FR tells: it is held back until so many are in memory, or for so long behind the first (docs/decisions/0216).
#pragma once

#include <vector>

#include "nic/chip.h"

namespace nicteam::nic {

class receive_bundle {
public:
    explicit receive_bundle(chip& c) : chip_(c) {}
    void take(trace_id id, ps at);      // a frame's status is in memory, or was lost on its way (0)
    void due(ps at);
    void reset();

private:
    void tell(ps at);

    chip& chip_;
    std::vector<trace_id> held_;
    ps until_ = never;
};

}  // namespace nicteam::nic
