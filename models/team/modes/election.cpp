#include "team/modes/election.h"

namespace nicteam::team {

// The primary; else who has the highest priority, the active one before others of the same, then the first.
unsigned election::preferred(const members& all) const {
    unsigned best = active_ < all.size() && all[active_].usable ? active_ : no_member;
    for (unsigned m = 0; m < all.size(); ++m) {
        if (!all[m].usable) continue;
        if (all[m].primary) return m;
        if (best == no_member || all[m].priority > all[best].priority) best = m;
    }
    return best;
}

bool election::better(const member& than, const member& candidate) const {
    return candidate.rate != than.rate ? candidate.rate > than.rate : candidate.full_duplex && !than.full_duplex;
}

bool election::may_take_over(const members& all, unsigned candidate, ps now) {
    const member& c = all[candidate];
    if (!(c.primary && primary_awaited_)) {
        if (when_ == reselect::failure) return false;
        if (when_ == reselect::better && !better(all[active_], c)) return false;
    }
    if (now - c.usable_since >= fail_back_delay_) return true;
    next_ = c.usable_since + fail_back_delay_;
    return false;
}

bool election::set(unsigned m, const members& all) {
    if (m >= all.size() || !all[m].usable) return false;
    active_ = m;
    next_ = never;  // who waits to take over waits no longer: an order stays until members change
    return true;
}

bool election::hold(const members& all, ps now) {
    next_ = never;
    unsigned chosen = preferred(all);
    const bool works = active_ < all.size() && all[active_].usable;
    if (works && chosen != active_ && !may_take_over(all, chosen, now)) chosen = active_;
    if (chosen != no_member && all[chosen].primary) primary_awaited_ = false;
    if (chosen == active_) return false;
    active_ = chosen;
    return true;
}

}  // namespace nicteam::team
