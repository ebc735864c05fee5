// Who may be in a team, in which modes and with which monitors.
#include <map>
#include <set>

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "nicteam/team/augmentation_layer_250.h"
#include "nicteam/team/mode_config.h"
#include "nicteam/team/monitor_config.h"
#include "nicteam/team/rehoming.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/place_of.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

bool is(const component& c, std::string_view kind) { return c.kind->name == kind; }

// As a scenario would write it, behind its key.
std::string value_of(const component& c, std::string_view key) {
    const setting* s = c.find(key);
    return s ? " = " + to_toml(*s->row, s->value) : "";
}

// To say what goes without saying is no mistake: a kept configuration says all.
bool says_something(const setting& s) {
    value usual;
    std::string ignored;
    const bool words = s.row->kind == quantity::text || s.row->kind == quantity::choice;
    const bool same = s.row->fallback && (words ? s.value.text == s.row->fallback
                                                : parse_quantity(s.row->kind, s.row->fallback, usual, ignored) && usual.integer == s.value.integer);
    return s.given() && !same;
}

std::vector<std::string> given_keys(const component& c) {
    std::vector<std::string> all;
    for (const setting& s : c.settings)
        if (says_something(s)) all.push_back(s.row->name);
    return all;
}

std::int64_t line_rate(const component& nic, const resolved& r) {
    for (const component* link : r.of_kind("link"))
        if (link->text("a") == nic.path || link->text("b") == nic.path) return link->integer("rate");
    return 0;
}

class checker {
public:
    checker(const resolved& r, problems& found) : r_(r), found_(found) {}

    void check(const component& team) {
        check_list(team, "members", "nic", member_of_);
        check_list(team, "cards", "crypto_card", member_of_);
        const auto members = members_of(team, r_);
        if (team.list("members").empty())
            found_.add(place_of(team, "members"), fmt::format("team.members{}: {} has no members; allowed: 1 to 8 nics", value_of(team, "members"), team.path));
        if (members.size() > team::most_members)
            found_.add(place_of(team, "members"),
                       fmt::format("team.members{}: {} has {} members; allowed: 1 to {}", value_of(team, "members"), team.path, members.size(),
                                   team::most_members));
        if (members.empty()) return;
        check_policies(team, members);
        if (team.text("mode") == "broadcast" && team.text("outbound") != "return")
            found_.add(place_of(team, "outbound"),
                       fmt::format("team.outbound: {}: in mode broadcast all members send; {} is by one; allowed: return", team.path, team.text("outbound")));
        if (team.text("returned_to") == "nic_memory") check_places(team, members);
        for (const std::string& identity : team.list("accepts"))
            if (identity.size() != 9 && identity.size() != 12) bad_identity(team, identity);
            else if (identity.find_first_not_of("0123456789abcdef:") != std::string::npos) bad_identity(team, identity);
    }

private:
    void bad_identity(const component& team, const std::string& identity) {
        found_.add(place_of(team, "accepts"),
                   fmt::format("team.accepts: \"{}\" is no identity; allowed: \"8086:1229\" or, with the revision, \"8086:1229:08\"", identity));
    }

    // Each member has its places, and all who work and send are on one bus.
    void check_places(const component& team, const std::vector<const component*>& members) {
        const auto wrong = [&](const std::string& what) {
            found_.add(place_of(team, "returned_to"), fmt::format("team.returned_to = \"nic_memory\": {}: {}", team.path, what));
        };
        if (team.text("mode") == "broadcast") return wrong("in mode broadcast what comes back is sent by all members, out of one memory; allowed: host_memory");
        if (team.text("sharing.software") != "never") return wrong("software writes memory of the host only; allowed: sharing.software = \"never\"");
        auto devices = members;
        for (const component* card : cards_of(team, r_)) devices.push_back(card);
        const component& first = *devices.front();
        for (const component* d : devices)
            if (d->parent != first.parent)
                return wrong(fmt::format("{} is on {}, and {} on {}; allowed: all on one bus", d->path, d->parent->path, first.path, first.parent->path));
        const std::size_t wanted = team::places_in_member(team.configure<team::team_config>(team::team_info));
        const std::size_t most = most_memory(*members.front()), each = wanted / static_cast<std::size_t>(team.integer("buffers"));
        if (wanted > most)
            return found_.add(place_of(team, "buffers"),
                              fmt::format("team.buffers{}: {}: with returned_to = \"nic_memory\" each takes {} B of every member's memory, "
                                          "which has {} B at most (nic.memory); allowed: 1 to {}",
                                          value_of(team, "buffers"), team.path, each, most, most / each));
        for (const component* n : members)
            if (static_cast<std::size_t>(n->integer("memory")) < wanted)
                return wrong(fmt::format("{} has {} B of memory (nic.memory); allowed: {} B at least, {} for each of {} places (team.buffers)", n->path,
                                         n->integer("memory"), wanted, each, team.integer("buffers")));
    }

    // That a nic can have.
    static std::size_t most_memory(const component& nic) {
        const parameter_info& row = *nic.find("memory")->row;
        value most;
        std::string ignored;
        parse_quantity(row.kind, row.high, most, ignored);
        return static_cast<std::size_t>(most.integer);
    }

    void check_list(const component& team, const char* key, const char* kind, std::map<std::string, const component*>& taken) {
        std::set<std::string> here;
        for (const std::string& path : team.list(key)) {
            const component* c = r_.find(path);
            if (!c || !is(*c, kind)) continue;                     // told already
            if (host_of(c) != team.parent) {
                found_.add(place_of(team, key), fmt::format("team.{}: {} is in another host than {}", key, path, team.path));
                continue;
            }
            const auto [it, fresh] = taken.emplace(path, &team);
            if (fresh) continue;
            const std::string why = it->second == &team ? fmt::format("{} stands twice in {}", path, team.path)
                                                        : fmt::format("{} is in {} already", path, it->second->path);
            found_.add(place_of(team, key), fmt::format("team.{}{}: {}; allowed: each in one team, once", key, value_of(team, key), why));
        }
    }

    void check_policies(const component& team, const std::vector<const component*>& members) {
        std::vector<team::described_member> described;
        for (const component* n : members) described.push_back({n->name, line_rate(*n, r_)});
        auto mode = team.configure<team::mode_config>(team::mode_info);
        const auto monitors = team.configure<team::monitor_config>(team::monitor_info);
        mode.monitor_interval = team::monitor_interval(monitors);
        const auto given = given_keys(team);
        const auto rehoming = team.configure<team::rehoming_config>(team::rehoming_info, "rehoming");
        for (const auto& all : {team::problems_of(mode, given, described), team::problems_of(monitors, mode, given, described),
                                team::problems_of(rehoming, mode)})
            for (const team::team_problem& p : all)
                found_.add(place_of(team, p.key), fmt::format("team.{}{}: {}: {}", p.key, value_of(team, p.key), team.path, p.message));
    }

    const resolved& r_;
    problems& found_;
    std::map<std::string, const component*> member_of_;
};

// An operator's order is about a member that can be the active one.
void check_orders(const component& team, const resolved& r, problems& found) {
    const auto kind = team.configure<team::mode_config>(team::mode_info).mode;
    const auto members = members_of(team, r).size();
    for (const component* f : r.of_kind("fault")) {
        const bool set = f->text("what") == "active_set";
        if ((!set && f->text("what") != "active_cleared") || !path_pattern(f->text("at"), r).matches(team.path)) continue;
        if (kind != team::mode_kind::aft && kind != team::mode_kind::active_backup)
            found.add(place_of(*f, "what"), fmt::format("fault.what = \"{}\": {} has mode \"{}\", which has no one active member; allowed: aft, active_backup",
                                                        f->text("what"), team.path, team::name_of(kind)));
        std::int64_t member = 0;
        std::string ignored;
        if (set && parse_in_unit(quantity::count, "member", f->text("amount"), member, ignored) && member >= static_cast<std::int64_t>(members))
            found.add(place_of(*f, "amount"), fmt::format("fault.amount = \"{}\": {} has {} members; allowed: 0 to {}, the first is 0",
                                                          f->text("amount"), team.path, members, members - 1));
    }
}

// A member has no address of its own while it is in a team: nobody sends to it or from it.
void check_ends(const resolved& r, problems& found) {
    for (const component& c : r.components)
        for (const char* key : {"from", "to"}) {
            const setting* s = c.find(key);
            const component* nic = s && s->given() && s->row->kind == quantity::text ? r.find(s->value.text) : nullptr;
            const component* team = nic && is(*nic, "nic") ? team_of(*nic, r) : nullptr;
            if (team)
                found.add(s->at, fmt::format("{}.{} = \"{}\": is in {}, which has the address; allowed: {}, or its host", c.kind->name, key, nic->path,
                                             team->path, team->path));
        }
}

}  // namespace

void check_teams(const resolved& r, problems& found) {
    checker all(r, found);
    check_ends(r, found);
    for (const component* t : r.of_kind("team"))
        if (t->parent && !members_of(*t, r).empty()) check_orders(*t, r, found);
    for (const component* t : r.of_kind("team"))
        if (t->parent) all.check(*t);
    for (const component* n : r.of_kind("nic"))
        if (const component* t = team_of(*n, r); t && n->given("address"))
            found.add(place_of(*n, "address"), fmt::format("nic.address: {} is in {}, which has the address; allowed: team.address", n->path, t->path));
}

}  // namespace nicteam::scenario
