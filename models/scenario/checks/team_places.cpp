// Whether members have places and engines for the associations of their team: any of them may have to hold all.
#include <map>

#include <fmt/format.h>

#include "scenario/checks/objections.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/security.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

class checker {
public:
    checker(const resolved& r, problems& found) : r_(r), found_(found) {}

    void check(const component& sa) {
        problems told = found_;
        const component *from = r_.find(sa.text("from")), *to = r_.find(sa.text("to"));
        if (!from || !to || from == to || !check_objections(sa, r_, told)) return;           // told already
        if (const component* t = receiver_of(sa, r_); t && is_team(*t) && !taken_off_by_cpu(sa)) check(*t, sa, parameters_of(sa, r_), true);
        if (const component* t = sender_of(sa, r_); t && is_team(*t) && !put_on_by_cpu(sa)) check(*t, sa, outbound_parameters_of(sa, r_), false);
    }

private:
    // One that cannot do it is left out, unless associations follow the active member.
    void check(const component& team, const component& sa, const ipsec::association_parameters& p, bool in) {
        const setting& policy = *team.find("rehoming.policy");
        const auto units = units_of(team, r_);
        const std::uint64_t able = units_for(team, p, in, r_);
        for (std::size_t n = 0; able && n < units.size(); ++n) {
            const component& u = *units[n];
            if (u.kind->name != std::string_view("nic")) continue;
            const bool can = able >> n & 1u;
            if (!can && policy.value.text != "pre_install")
                found_.add(policy.at, fmt::format("team.rehoming.policy = \"{}\": {} cannot do {}, which shall follow the active member; allowed: "
                                                  "pre_install, or members that can",
                                                  policy.value.text, u.path, sa.path));
            const std::int64_t places = u.integer("crypto.associations");
            if (can && ++taken_[{&u, in}] == places + 1)
                found_.add(sa.at, fmt::format("sa: {}: all {} places for associations of {} are taken: its crypto.associations", sa.path, places, u.path));
        }
    }

    const resolved& r_;
    problems& found_;
    std::map<std::pair<const component*, bool>, std::int64_t> taken_;
};

}  // namespace

void check_team_places(const resolved& r, problems& found) {
    checker all(r, found);
    for (const component* sa : r.of_kind("sa")) all.check(*sa);
}

}  // namespace nicteam::scenario
