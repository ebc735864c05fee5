// Who is in which team, and through what a host is in its networks: a nic of its own, or a team of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/ipsec/association.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

const component* team_of(const component& nic, const resolved&);                       // null: it is in none
std::vector<const component*> members_of(const component& team, const resolved&);      // in the order of its list
std::vector<const component*> cards_of(const component& team, const resolved&);

// Teams, and nics that are in none, in scenario order; a team stands where the first of its members does.
std::vector<const component*> interfaces_of(const component& host, const resolved&);
const component* first_interface(const component& host, const resolved&);              // null: it has none

bool is_team(const component&);
bool has_one_active(const component& team);        // its mode uses one member at a time; false of what is no team
// A nic with a crypto block, or a team one of whose members has one, or that has crypto cards.
bool has_engines(const component& interface, const resolved&);
// What of a team has engines: members with a crypto block and cards, in the order of its pool of associations.
std::vector<const component*> units_of(const component& team, const resolved&);

// Whether the engines of a nic or crypto card can do it; one whose own settings are wrong, as has been told, can.
bool serves(const component& unit, const ipsec::association_parameters&, bool in);
// Octets that its team takes of a nic's own memory, from its beginning (team.returned_to).
std::size_t taken_by_team(const component& nic, const resolved&);

// Units that can do it, a bit each in the order of units_of().
std::uint64_t units_for(const component& team, const ipsec::association_parameters&, bool in, const resolved&);

// Paths of the engines of a crypto_service, or of a team, in the order of its pool.
std::vector<std::string> engines_of_service(const component& service_or_team, const resolved&);

}  // namespace nicteam::scenario
