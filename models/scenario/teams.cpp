#include "scenario/teams.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "nicteam/offload/engine_set.h"
#include "nicteam/offload/crypto_config.h"
#include "nicteam/rings/crypto_card.h"
#include "nicteam/rings/engine_set.h"
#include "nicteam/team/mode_config.h"
#include "nicteam/team/monitor_config.h"
#include "nicteam/team/rehoming.h"
#include "scenario/parts.h"
#include "scenario/values.h"

namespace nicteam::scenario {
namespace {

bool is(const component& c, std::string_view kind) { return c.kind->name == kind; }

position place_of(const component& c, std::string_view key) {
    const setting* s = c.find(key);
    return s && s->given() ? s->at : c.at;
}

std::vector<const component*> named(const component& team, const char* key, const char* kind, const resolved& r) {
    std::vector<const component*> all;
    for (const std::string& path : team.list(key))
        if (const component* c = r.find(path); c && is(*c, kind)) all.push_back(c);
    return all;
}

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

bool nic_serves(const component& nic, const ipsec::association_parameters& p, bool in) {
    const auto config = nic.configure<offload::crypto_config>(offload::crypto_info, "crypto");
    if (!offload::check(config).empty()) return true;            // told with the nic
    const auto& cores = !in && !config.transmit_engines.empty() ? config.transmit_engines : config.engines;
    return offload::engine_set(cores, config.coupling).serving(p, in ? offload::way::in : offload::way::out).refused.empty();
}

bool card_serves(const component& c, const ipsec::association_parameters& p) {
    const auto card = c.configure<rings::crypto_card_config>(rings::crypto_card_info);
    if (!rings::refusal(card).empty()) return true;              // told with the card
    return rings::serving(offload::engine_set(card.unit.engines, static_cast<offload::coupling>(card.unit.coupling)), p).has_value();
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
        for (const std::string& identity : team.list("accepts"))
            if (identity.size() != 9 && identity.size() != 12) bad_identity(team, identity);
            else if (identity.find_first_not_of("0123456789abcdef:") != std::string::npos) bad_identity(team, identity);
    }

private:
    void bad_identity(const component& team, const std::string& identity) {
        found_.add(place_of(team, "accepts"),
                   fmt::format("team.accepts: \"{}\" is no identity; allowed: \"8086:1229\" or, with the revision, \"8086:1229:08\"", identity));
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

}  // namespace

bool is_team(const component& c) { return is(c, "team"); }

std::vector<const component*> members_of(const component& team, const resolved& r) { return named(team, "members", "nic", r); }
std::vector<const component*> cards_of(const component& team, const resolved& r) { return named(team, "cards", "crypto_card", r); }

const component* team_of(const component& nic, const resolved& r) {
    for (const component* t : r.of_kind("team")) {
        const auto& all = t->list("members");
        if (std::find(all.begin(), all.end(), nic.path) != all.end()) return t;
    }
    return nullptr;
}

std::vector<const component*> interfaces_of(const component& host, const resolved& r) {
    std::vector<const component*> all;
    for (const component* n : r.of_kind("nic")) {
        if (host_of(n) != &host) continue;
        const component* team = team_of(*n, r);
        if (!team) all.push_back(n);
        else if (std::find(all.begin(), all.end(), team) == all.end()) all.push_back(team);
    }
    return all;
}

const component* first_interface(const component& host, const resolved& r) {
    const auto all = interfaces_of(host, r);
    return all.empty() ? nullptr : all.front();
}

std::vector<const component*> units_of(const component& team, const resolved& r) {
    std::vector<const component*> all;
    for (const component* n : members_of(team, r))
        if (n->integer("crypto.enable")) all.push_back(n);
    for (const component* c : cards_of(team, r)) all.push_back(c);
    return all;
}

std::uint64_t units_for(const component& team, const ipsec::association_parameters& p, bool in, const resolved& r) {
    std::uint64_t bits = 0;
    const auto units = units_of(team, r);
    for (std::size_t n = 0; n < units.size(); ++n)
        if (is(*units[n], "nic") ? nic_serves(*units[n], p, in) : card_serves(*units[n], p)) bits |= std::uint64_t{1} << n;
    return bits;
}

std::vector<std::string> engines_of_service(const component& c, const resolved& r) {
    if (!is_team(c)) return c.list("devices");
    std::vector<std::string> all;
    for (const component* u : units_of(c, r)) all.push_back(u->path);
    return all;
}

bool has_engines(const component& c, const resolved& r) {
    return is_team(c) ? !units_of(c, r).empty() || c.text("sharing.software") != "never" : c.integer("crypto.enable") != 0;
}

void check_teams(const resolved& r, problems& found) {
    checker all(r, found);
    for (const component* t : r.of_kind("team"))
        if (t->parent) all.check(*t);
    for (const component* n : r.of_kind("nic"))
        if (const component* t = team_of(*n, r); t && n->given("address"))
            found.add(place_of(*n, "address"), fmt::format("nic.address: {} is in {}, which has the address; allowed: team.address", n->path, t->path));
}

}  // namespace nicteam::scenario
