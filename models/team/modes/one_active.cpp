#include "team/modes/one_active.h"

#include <algorithm>

namespace nicteam::team {

one_active::one_active(const mode_config& c, team::fail_over_mac address_goes, ps fail_back_delay)
    : kind_(c.mode), address_goes_(address_goes), deliver_all_(c.all_slaves_active), election_(c.primary_reselect, fail_back_delay),
      announcer_(c.num_grat_arp, announcement_distance(c)) {}

void one_active::all_take_the_teams(actions& a) {
    if (address_goes_ != fail_over_mac::none) return;
    for (unsigned m = 0; m < addresses_.size(); ++m) addresses_.give(m, addresses_.of_team(), a);
}

void one_active::start(const members& all, ps now, actions& a) {
    addresses_.start(all);
    all_take_the_teams(a);
    elect(all, now, a);
}

void one_active::changed(const members& all, ps now, actions& a) {
    addresses_.refresh(all, a);
    all_take_the_teams(a);
    elect(all, now, a);
}

void one_active::elect(const members& all, ps now, actions& a) {
    if (election_.hold(all, now)) elected(now, a);
}

void one_active::elected(ps now, actions& a) {
    const unsigned m = election_.active();
    if (m != no_member && address_goes_ == fail_over_mac::follow) addresses_.pass_to(m, a);
    announcer_.begin(m, now, a);
}

bool one_active::clear_active(const members& all, ps now, actions& a) {
    election_.clear();
    elect(all, now, a);
    return true;
}

bool one_active::set_active(unsigned member, const members& all, ps now, actions& a) {
    if (member == election_.active()) return true;
    if (!election_.set(member, all)) return false;
    elected(now, a);
    return true;
}

void one_active::choose(const frame_view& f, const members&, ps, route& out) {
    const unsigned m = election_.active();
    if (m == no_member) return;
    out.add(m);
    addresses_.write_own(m, f, true, out);
}

// What another member brings is a copy of what the active one gets, or was sent to where the team is no more.
bool one_active::delivers(unsigned member, const frame_view&, const members&, ps, actions&) { return deliver_all_ || member == election_.active(); }

ps one_active::next() const { return std::min(election_.next(), announcer_.next()); }

void one_active::due(const members& all, ps now, actions& a) {
    if (now >= election_.next()) elect(all, now, a);
    announcer_.due(now, a);
}

}  // namespace nicteam::team
