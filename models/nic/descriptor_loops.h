// Loops of descriptors (docs/decisions/0092): the chip goes round; a controller that is asked to stop remembers here where it did.
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/base/metrics.h"
#include "nicteam/nic/nic.h"

namespace nicteam::nic {

class descriptor_loops {
public:
    descriptor_loops(loop_mode m, counter& stops) : on_(m == loop_mode::stop), stops_(stops) {}

    bool stop() const { return on_; }
    void stopped(const descriptor_stop& s) {
        stops_.add();
        if (!first_) first_ = s;
    }
    const std::optional<descriptor_stop>& first() const { return first_; }

private:
    bool on_;
    counter& stops_;
    std::optional<descriptor_stop> first_;
};

}  // namespace nicteam::nic
