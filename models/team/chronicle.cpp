#include "team/chronicle.h"

#include <algorithm>

namespace nicteam::team {

void chronicle::verdicts(const monitors& all, const members& of, ps now) {
    good_.resize(std::max<std::size_t>(all.size(), 1) * of.size());
    const auto note = [&](std::size_t place, unsigned member, bool good, ps at, const char* by) {
        if (good_[place] == good) return;
        good_[place] = good;
        tell({happening::what::noticed, at, member, good, by});
    };
    for (std::size_t m = 0; m < all.size(); ++m)
        for (unsigned n = 0; n < of.size(); ++n) note(m * of.size() + n, n, all[m]->good(n), all[m]->decided_at(n), all[m]->monitor_name());
    if (all.empty())
        for (unsigned n = 0; n < of.size(); ++n) note(n, n, of[n].link, now, "driver");
}

}  // namespace nicteam::team
