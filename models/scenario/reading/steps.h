// The steps of reading a scenario, in order. Each adds what it finds wrong and goes on.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/read.h"
#include "nicteam/scenario/resolved.h"
#include "scenario/language/tree.h"

namespace nicteam::scenario {

void walk(const node& tree, resolved&, problems&);  // components and their values; unknown keys
void place(resolved&, problems&);                   // parents, paths, names that stand twice
void apply_sets(const std::vector<std::string>&, origin, resolved&, problems&);
void apply_options(const read_options&, resolved&, problems&);  // --seed, --until, --trace
void check_texts(const resolved&, problems&);       // addresses: texts that are more than any text
void check_engine_names(const resolved&, problems&);    // cores of crypto blocks and cards
void assign(resolved&, problems&);                  // values that were left out and must differ
void require(resolved&, problems&);                 // values that have no default
void check_references(const resolved&, problems&);  // what a key names is there, and of the right kind
void check_teams(const resolved&, problems&);           // their members, cards, modes, monitors
void check_team_places(const resolved&, problems&);     // of associations, when these have their keys
void check_topology(const resolved&, problems&);    // links, slots, CPUs: what contradicts itself
void check_bus_clock(const resolved&, problems&);   // 66 MHz and no more
// Links that were given a rate at which an end cannot run; each rate is told of once, however many links it was given to.
void check_link_rates(const resolved&, problems&);
void check_observers(const resolved&, problems&);   // faults, captures, expectations: patterns and amounts

void check_memory(const resolved&, problems&);      // a host's memory holds what its software takes
void check_loops(const resolved&, problems&);           // of repeaters and switches
void check_switches(const resolved&, problems&);        // who is at their ports, groups, static addresses
void check_flow_control(const resolved&, problems&);    // PAUSE frames that could stop nobody
void check_lacking(const resolved&, problems&);         // what an older controller has not
void check_priorities(const resolved&, problems&);      // linear priority, priority flow control
void check_checksum_offload(const resolved&, problems&);   // checksums left to a controller that inserts none
void assign_security(resolved&);                    // keys, SPIs, records for drivers
void check_security(const resolved&, problems&);    // associations and policies: what cannot be, and who could not take it off
void check_services(const resolved&, problems&);    // pools of engines and who asks them
void check_rooms(const resolved&, problems&);  // what the rooms say about values together; files that are named

// "; duplex is a key of [[repeater]] and of [[peer]]", or "": of none, or of too many.
std::string key_of_others(std::string_view key);
// "nic.slot": how messages call a key.
std::string label(const component&, const setting&);
// For "not given" and "twice": where the component begins.
std::vector<std::string> paths_of(const resolved&, std::string_view kinds);

}  // namespace nicteam::scenario
