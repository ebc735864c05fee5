// Which member is the active one: the preferred one, as far as the rules let it take over from one that works. Never one that is not known to be good.
#pragma once

#include "nicteam/team/mode_config.h"

namespace nicteam::team {

class election {
public:
    // `fail_back_delay`: how long the better member has been good before it takes over from one that works.
    election(reselect when, ps fail_back_delay) : when_(when), fail_back_delay_(fail_back_delay) {}

    // True when another member, or none, is active from now on.
    bool hold(const members&, ps now);
    unsigned active() const { return active_; }
    void clear() { active_ = no_member; }         // hold() chooses as if none had been active
    bool set(unsigned member, const members&);    // false: it is not known to be good
    ps next() const { return next_; }             // when a delay ends

private:
    unsigned preferred(const members&) const;
    bool better(const member& than, const member& candidate) const;
    bool may_take_over(const members&, unsigned candidate, ps now);

    reselect when_;
    ps fail_back_delay_;
    unsigned active_ = no_member;
    bool primary_awaited_ = true;                 // the primary is active once, when it first can be, whatever the rule
    ps next_ = never;
};

}  // namespace nicteam::team
