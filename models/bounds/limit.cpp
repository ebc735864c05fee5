#include "nicteam/bounds/limit.h"

namespace nicteam::bounds {

limit find_limit(const std::vector<resource>& resources, const std::vector<wait>& waits) {
    limit l;
    for (std::size_t i = 0; i < resources.size(); ++i) {
        if (resources[i].capacity.numerator <= 0) continue;
        if (l.by < 0 || resources[static_cast<std::size_t>(l.by)].use() < resources[i].use()) l.by = static_cast<int>(i);
    }
    if (l.by >= 0) l.limited = !(resources[static_cast<std::size_t>(l.by)].use() < fraction{limit_percent, 100});
    if (l.limited) return l;
    for (std::size_t i = 0; i < waits.size(); ++i)
        if (waits[i].total > 0 && (l.waited_for < 0 || waits[static_cast<std::size_t>(l.waited_for)].total < waits[i].total))
            l.waited_for = static_cast<int>(i);
    return l;
}

}  // namespace nicteam::bounds
