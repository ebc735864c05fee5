// What one unit shows of itself in the SCB while its update is late (82557, Configure byte 6 bit 0): until the command's first
// transfers are over, its part of the command byte is not cleared and its status stays as it was (docs/decisions/0060).
#pragma once

#include <cstdint>

#include "nic/edged.h"

namespace nicteam::nic {

class late_update {
public:
    // The command accepted at `at` has begun with transfers of this channel.
    void hold(unsigned channel, std::uint8_t status, ps at) {
        channel_ = channel;
        status_ = status;
        held_.set(at, true);
    }
    void release(ps at) { held_.set(at, false); }
    bool waits_for(unsigned channel) const { return held_.latest() && channel_ == channel; }
    std::uint8_t shown(std::uint8_t now, ps at) const { return held_.seen(at) ? status_ : now; }

private:
    edged<bool> held_{false};
    unsigned channel_ = 0;
    std::uint8_t status_ = 0;
};

}  // namespace nicteam::nic
