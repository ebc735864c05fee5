#include "scenario/relations/teams.h"

#include <algorithm>

#include "nicteam/offload/engine_set.h"
#include "nicteam/offload/crypto_config.h"
#include "nicteam/rings/crypto_card.h"
#include "nicteam/rings/engine_set.h"
#include "nicteam/team/augmentation_layer_250.h"
#include "scenario/relations/parts.h"

namespace nicteam::scenario {
namespace {

bool is(const component& c, std::string_view kind) { return c.kind->name == kind; }

std::vector<const component*> named(const component& team, const char* key, const char* kind, const resolved& r) {
    std::vector<const component*> all;
    for (const std::string& path : team.list(key))
        if (const component* c = r.find(path); c && is(*c, kind)) all.push_back(c);
    return all;
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

bool serves(const component& unit, const ipsec::association_parameters& p, bool in) {
    return is(unit, "nic") ? nic_serves(unit, p, in) : card_serves(unit, p);
}

std::uint64_t units_for(const component& team, const ipsec::association_parameters& p, bool in, const resolved& r) {
    std::uint64_t bits = 0;
    const auto units = units_of(team, r);
    for (std::size_t n = 0; n < units.size(); ++n)
        if (serves(*units[n], p, in)) bits |= std::uint64_t{1} << n;
    return bits;
}

std::vector<std::string> engines_of_service(const component& c, const resolved& r) {
    if (!is_team(c)) return is(c, "crypto_service") ? c.list("devices") : std::vector<std::string>{};      // a wrong name is told of elsewhere
    std::vector<std::string> all;
    for (const component* u : units_of(c, r)) all.push_back(u->path);
    return all;
}

std::size_t taken_by_team(const component& nic, const resolved& r) {
    const component* t = team_of(nic, r);
    return t ? team::places_in_member(t->configure<team::team_config>(team::team_info)) : 0;
}

bool has_one_active(const component& c) { return is_team(c) && (c.text("mode") == "aft" || c.text("mode") == "active_backup"); }

bool has_engines(const component& c, const resolved& r) {
    return is_team(c) ? !units_of(c, r).empty() || c.text("sharing.software") != "never" : c.integer("crypto.enable") != 0;
}

}  // namespace nicteam::scenario
