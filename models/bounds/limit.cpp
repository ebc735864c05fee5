#include "nicteam/bounds/limit.h"

namespace nicteam::bounds {
namespace {

bool full(const resource& r) { return !(r.use() < fraction{limit_percent, 100}); }

int longest(const std::vector<wait>& waits) {
    int n = -1;
    for (std::size_t i = 0; i < waits.size(); ++i)
        if (waits[i].total > 0 && (n < 0 || waits[static_cast<std::size_t>(n)].total < waits[i].total)) n = static_cast<int>(i);
    return n;
}

}  // namespace

limit find_limit(const std::vector<resource>& resources, const std::vector<wait>& waits) {
    limit l;
    const auto at = [&](int i) -> const resource& { return resources[static_cast<std::size_t>(i)]; };
    std::vector<int> all_full;
    for (int i = 0; i < static_cast<int>(resources.size()); ++i) {
        if (at(i).capacity.numerator <= 0) continue;
        if (l.by < 0 || at(l.by).use() < at(i).use()) l.by = i;
        if (full(at(i))) all_full.push_back(i);
    }
    if (all_full.empty()) {
        l.waited_for = longest(waits);
        return l;
    }
    l.limited = true;
    l.by = all_full.front();
    for (const int i : all_full)
        if (at(l.by).wanted() < at(i).wanted()) l.by = i;
    for (const int i : all_full)
        if (i != l.by) (at(i).wanted() * 100 < at(l.by).wanted() * limit_percent ? l.full : l.as_well).push_back(i);
    return l;
}

}  // namespace nicteam::bounds
