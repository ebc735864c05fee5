#include "team/modes/aggregator_choice.h"

namespace nicteam::team {

// Those with a port whose link is up.
std::vector<aggregator_choice::aggregator> aggregator_choice::described(const aggregation::lacp& l, const members& all) const {
    std::vector<aggregator> of(l.size());
    for (unsigned p = 0; p < l.size(); ++p) {
        const aggregation::lacp_port& port = l.port(p);
        if (!port.selected || !port.enabled) continue;
        aggregator& a = of[port.aggregator];
        a.number = port.aggregator;
        ++a.ports;
        a.priority += priorities_[p];
        a.bandwidth += all[p].rate;
        a.partner |= port.has_partner();
        a.individual = a.individual && port.individual();
    }
    std::vector<aggregator> out;
    for (const aggregator& a : of)
        if (a.ports) out.push_back(a);
    return out;
}

bool aggregator_choice::better(const aggregator& than, const aggregator& a) const {
    if (a.individual != than.individual) return than.individual;
    if (a.partner != than.partner) return a.partner;
    if (by_ == ad_select::actor_port_prio && a.priority != than.priority) return a.priority > than.priority;
    if ((by_ == ad_select::actor_port_prio || by_ == ad_select::count) && a.ports != than.ports) return a.ports > than.ports;
    return a.bandwidth > than.bandwidth;
}

bool aggregator_choice::hold(const aggregation::lacp& l, const members& all) {
    const std::vector<aggregator> there = described(l, all);
    const aggregator *best = nullptr, *now = nullptr;
    for (const aggregator& a : there) {
        if (a.number == in_use_) now = &a;
        if (!best || better(*best, a)) best = &a;
    }
    // Of equals, and while a stable choice still answers as well as the best does, the one in use stays.
    if (now && (!better(*now, *best) || (by_ == ad_select::stable && (now->partner || !best->partner)))) best = now;
    const unsigned chosen = best ? best->number : no_member;
    if (chosen == in_use_) return false;
    in_use_ = chosen;
    return true;
}

}  // namespace nicteam::team
