// Before the operating system starts drivers: firmware gives every device its addresses. In a run that starts ready it has.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "nicteam/host/cpu_core.h"

namespace nicteam::host {

class boot_sequence {
public:
    explicit boot_sequence(bool cold) : over_(!cold) {}

    // Work on this CPU behind the firmware, in the order of these calls; at time 0 where there is nothing to wait for.
    void then(cpu_core& c, std::function<void(cpu&)> work) {
        if (over_) c.post(0, std::move(work));
        else waiting_.emplace_back(&c, std::move(work));
    }
    void end(ps at) {
        over_ = true;
        for (auto& [c, work] : std::exchange(waiting_, {})) c->post(at, std::move(work));
    }

private:
    bool over_;
    std::vector<std::pair<cpu_core*, std::function<void(cpu&)>>> waiting_;
};

}  // namespace nicteam::host
