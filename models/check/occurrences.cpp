#include "check/occurrences.h"

#include <algorithm>
#include <tuple>

namespace nicteam::check {
namespace {

bool within(const std::string& where, const std::string& path) {
    return !path.empty() && where.compare(0, path.size(), path) == 0 && (where.size() == path.size() || where[path.size()] == '.');
}

// 0: it explains nothing of this. What lasts explains more than what is over, a member's own more than what lies beyond all of them.
int rank(const occurrence& o, const change& c) {
    if (o.order) return c.choice && !c.noticed && !o.told() ? 5 : 0;
    if ((c.took || c.gave) && o.mends() == c.took) return 0;
    if (o.members && !(o.members & c.about)) return 0;
    const bool over = o.over <= c.since;
    if (over && c.about && !(c.about & ~(c.choice ? o.told_choice : o.told_of))) return 0;       // once for each member
    return (o.members ? 2 : 1) + (over && !o.mends() ? 0 : 2);
}

}  // namespace

std::vector<occurrence> occurrences_of(const watched_team& t, const std::vector<report::fault>& faults, ps end) {
    std::vector<occurrence> all;
    for (const report::fault& f : faults) {
        if (std::any_of(t.strangers.begin(), t.strangers.end(), [&](const std::string& host) { return within(f.where, host); })) continue;
        unsigned members = 0;
        bool whole = false;
        for (std::size_t m = 0; m < t.members.size(); ++m) {
            const bool of_link = within(f.where, t.members[m].link) || (!t.members[m].port.empty() && f.where == t.members[m].port);
            if (of_link || within(f.where, t.members[m].path)) members |= 1u << m;
            whole |= of_link || f.where == t.members[m].path;
        }
        const bool order = f.where == t.path;
        for (std::uint64_t n = 0; n < f.times; ++n) {
            const ps later = n ? static_cast<ps>(n) * f.every : 0;
            const ps over = f.until == never ? never : f.until + later;
            if (f.from + later < end) all.push_back({f.from + later, false, &f, members, whole, over, order});
            if (over != never && over > f.from + later && over < end && !order) all.push_back({over, true, &f, members, whole, over, false});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const occurrence& a, const occurrence& b) { return a.at < b.at; });
    return all;
}

// Of those of one instant, that of a member's link or of a whole member rather than of a part of one.
occurrence* explanation(std::vector<occurrence>& all, const change& c) {
    occurrence* best = nullptr;
    std::tuple<int, ps, bool> best_rank;
    for (occurrence& o : all) {
        if (o.at > c.since) break;
        const std::tuple<int, ps, bool> whole{rank(o, c), o.at, o.of_whole};
        if (std::get<0>(whole) && (!best || whole >= best_rank)) best = &o, best_rank = whole;
    }
    if (best) (c.choice ? best->told_choice : best->told_of) |= c.about;
    return best;
}

}  // namespace nicteam::check
