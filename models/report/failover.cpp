#include "nicteam/report/failover.h"

#include <algorithm>

namespace nicteam::report {

ps failover::detected() const {
    ps first = never;
    for (const notice& n : noticed) first = std::min(first, n.at);
    return fault_at == never || first == never ? never : first - fault_at;
}

const gap* failover::longest() const {
    const gap* most = nullptr;
    for (const gap& g : gaps)
        if (!most || g.length() > most->length()) most = &g;
    return most;
}

}  // namespace nicteam::report
