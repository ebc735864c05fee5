#include "team/chronicle.h"

#include <algorithm>
#include <utility>

namespace nicteam::team {

void chronicle::verdicts(const monitors& all, const members& of, ps now) {
    good_.resize(std::max<std::size_t>(all.size(), 1) * of.size());
    const auto note = [&](std::size_t place, unsigned member, bool good, ps at, const char* by) {
        if (good_[place] == good) return;
        good_[place] = good;
        tell({happening::what::noticed, at, member, good, by});
    };
    // That a device is gone its driver finds; what monitors make of it is no finding of theirs.
    for (unsigned n = 0; n < of.size() && !all.empty(); ++n) {
        const unsigned bit = 1u << n;
        const bool counted = std::any_of(all.begin(), all.end(), [&](const auto& one) { return good_[static_cast<std::size_t>(&one - all.data()) * of.size() + n]; });
        if (!of[n].present && !(gone_ & bit) && counted) tell({happening::what::noticed, now, n, false, "driver"});
        gone_ = of[n].present ? gone_ & ~bit : gone_ | bit;
        for (std::size_t m = 0; m < all.size() && !of[n].present; ++m)
            if (!all[m]->good(n)) good_[m * of.size() + n] = false;
    }
    for (std::size_t m = 0; m < all.size(); ++m)
        for (unsigned n = 0; n < of.size(); ++n) note(m * of.size() + n, n, all[m]->good(n), all[m]->decided_at(n), all[m]->monitor_name());
    if (all.empty())
        for (unsigned n = 0; n < of.size(); ++n) note(n, n, of[n].link, now, "driver");
}

void chronicle::carriers(unsigned carrying, unsigned good, ps at) {
    const unsigned changed = std::exchange(carrying_, carrying) ^ carrying;
    for (unsigned n = 0; n < most_members; ++n)
        if (changed & good & 1u << n) tell({happening::what::noticed, at, n, (carrying >> n & 1u) != 0, "lacp"});
    for (unsigned n = 0; n < most_members; ++n)
        if (changed & 1u << n) usable(n, (carrying >> n & 1u) != 0, at);
}

}  // namespace nicteam::team
