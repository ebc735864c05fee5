#include "nicteam/report/failover.h"

#include <algorithm>
#include <utility>

namespace nicteam::report {

ps failover::detected() const {
    ps first = never;
    for (const notice& n : noticed) first = std::min(first, n.at);
    return fault_at == never || first == never ? never : first - fault_at;
}

const gap* failover::costliest() const {
    const gap* most = nullptr;
    for (const gap& g : gaps)
        if (!most || std::pair(g.cost(), g.length()) > std::pair(most->cost(), most->length())) most = &g;
    return most;
}

}  // namespace nicteam::report
