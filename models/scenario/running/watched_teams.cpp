#include "scenario/running/watched_teams.h"

#include "nicteam/team/augmentation_layer_250.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

check::watched_team::member member_of(const component& nic, const resolved& r) {
    check::watched_team::member m{nic.name, nic.path, {}, {}, {}};
    for (const component* link : r.of_kind("link")) {
        const bool is_a = link->text("a") == nic.path;
        if (!is_a && link->text("b") != nic.path) continue;
        m.link = link->path;
        m.out = link->path + (is_a ? ".a_to_b" : ".b_to_a");
        const std::string& other = link->text(is_a ? "b" : "a");
        for (const component* s : r.of_kind("switch"))
            if (s->path == other) m.port = s->path + ".port_" + link->name;
    }
    return m;
}

}  // namespace

std::vector<check::watched_team> watched_teams(const resolved& r, const system& s) {
    std::vector<check::watched_team> all;
    for (const component* t : r.of_kind("team")) {
        check::watched_team w;
        w.path = t->path;
        for (const component* nic : members_of(*t, r)) w.members.push_back(member_of(*nic, r));
        w.engines = engines_of_service(*t, r);
        for (const component* host : r.of_kind("host"))
            if (host != t->parent) w.strangers.push_back(host->path);
        w.told = &s.team_at(t->path).told();
        w.single_active = s.team_at(t->path).single_active();
        all.push_back(std::move(w));
    }
    return all;
}

}  // namespace nicteam::scenario
