// Writes down what happens to a team: changes only, so that it stays short however often it is asked.
#pragma once

#include <memory>
#include <vector>

#include "nicteam/team/history.h"
#include "nicteam/team/monitor.h"

namespace nicteam::team {

class chronicle {
public:
    using monitors = std::vector<std::unique_ptr<monitor>>;

    void next_round() { ++round_; }      // the team judges its members anew
    // Verdicts that are new since the last call, each with the time at which its monitor came to it.
    void verdicts(const monitors&, const members&, ps now);
    // Of modes that negotiate with the other end who carries traffic (LACP): who does, a bit each. `good`: to monitors, before too.
    void carriers(unsigned carrying, unsigned good, ps at);
    void usable(unsigned member, bool good, ps at) { tell({happening::what::usable, at, member, good}); }
    void active(unsigned before, unsigned now, ps at) { tell({happening::what::active, at, now, true, "", before}); }
    void announced(unsigned member, ps at) { tell({happening::what::announced, at, member, true}); }
    const history& told() const { return told_; }

private:
    void tell(happening h) {
        h.round = round_;
        told_.push_back(h);
    }

    history told_;
    unsigned round_ = 0;
    std::vector<bool> good_;             // by monitor, then by member; who has no monitor has the drivers' word instead
    unsigned gone_ = 0, carrying_ = 0;   // members whose drivers say that their device is not there; who carry, as told
};

}  // namespace nicteam::team
