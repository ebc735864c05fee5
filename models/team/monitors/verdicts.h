// What a monitor thinks of each member, and since when.
#pragma once

#include <algorithm>

#include "nicteam/team/monitor.h"

namespace nicteam::team {

class verdicts {
public:
    void start(std::size_t n) { all_.resize(n); }
    bool good(unsigned m) const { return all_[m].good; }
    ps decided_at(unsigned m) const { return all_[m].at; }
    // True when it is another than before.
    bool decide(unsigned m, bool good, ps now) {
        if (all_[m].good == good) return false;
        all_[m] = {good, now};
        return true;
    }
    bool any_good() const {
        return std::any_of(all_.begin(), all_.end(), [](const verdict& v) { return v.good; });
    }

private:
    struct verdict {
        bool good = true;                          // until something speaks against it
        ps at = 0;
    };
    std::vector<verdict> all_;
};

}  // namespace nicteam::team
