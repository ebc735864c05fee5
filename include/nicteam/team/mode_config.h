// What chooses and configures a team's mode. Parameters are rows of mode_info (kind "team"); modes are listed by mode_choices, and which of them
// knows an option is a column of the table.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/aggregation/flow_hash.h"
#include "nicteam/base/random_stream.h"
#include "nicteam/base/tables.h"
#include "nicteam/team/mode.h"

namespace nicteam::team {

// In the order of mode_choices.
enum class mode_kind : std::uint8_t { aft, alb, active_backup, balance_rr, balance_xor, broadcast, ieee_802_3ad, balance_tlb, balance_alb };
constexpr unsigned mode_kinds = 9;
constexpr const char* mode_choices = "aft|alb|active_backup|balance_rr|balance_xor|broadcast|802.3ad|balance_tlb|balance_alb";
const char* name_of(mode_kind);

enum class reselect : std::uint8_t { always, better, failure };        // when a better member takes over from one that works
enum class fail_over_mac : std::uint8_t { none, active, follow };      // whose address the active member has
enum class balance : std::uint8_t { hash, round_robin, load };         // how `alb` spreads what is sent
enum class ad_select : std::uint8_t { stable, bandwidth, count, actor_port_prio };     // which of several aggregators is used
enum class lacp_rate : std::uint8_t { slow, fast };                    // how often the partner shall send

struct mode_config {
    mode_kind mode = mode_kind::aft;
    std::string primary;                          // a member's name; none: no member is preferred
    team::reselect primary_reselect = reselect::always;
    std::vector<std::string> prio;                // of each member in turn, 32 bits with a sign; fewer: 0 for the others
    ps fail_back_delay = 0;
    team::fail_over_mac fail_over_mac = fail_over_mac::none;
    std::uint32_t num_grat_arp = 1;
    ps peer_notif_delay = 0;                      // 0: the interval of the monitor
    bool all_slaves_active = false;
    aggregation::hash_policy xmit_hash_policy = aggregation::hash_policy::layer2;
    team::balance balance = balance::hash;
    std::uint32_t packets_per_slave = 1;          // 0: a random member for each

    team::ad_select ad_select = ad_select::stable;
    team::lacp_rate lacp_rate = lacp_rate::slow;
    bool lacp_active = true;
    std::uint32_t min_links = 0;
    std::uint32_t ad_actor_sys_prio = 65535, ad_user_port_key = 0;
    std::string ad_actor_system;                  // an address of one station; empty: the team's
    std::vector<std::string> actor_port_prio;     // of each member in turn, 0 to 65535; fewer: 255 for the others
    bool tlb_dynamic_lb = true;
    ps lp_interval = second;                      // between learning packets

    ps monitor_interval = 0;                      // no row: of the team's monitor (monitor_interval()), 0: there is none
};
extern const block_info mode_info;                // kind "team"

// What reading a scenario knows of a member.
struct described_member {
    std::string name;
    std::int64_t rate = 0;                        // bit/s that its line is configured for; 0: unknown
};
struct team_problem {
    std::string key, message;                     // a parameter's name, and what is wrong
};
// What contradicts itself, though each value alone is good: an option given that the mode does not know, a primary that is no member, members of
// several rates where the mode forbids it. `given`: names of the parameters that the scenario sets.
std::vector<team_problem> problems_of(const mode_config&, const std::vector<std::string>& given, const std::vector<described_member>&);

std::int64_t priority_of(const mode_config&, unsigned member);                    // member::priority, by `prio`

// The address that the team has, for its stack and towards its peers: that of its first member.
mac_address team_address(const members&);

// `random` is drawn from by modes that spread at random only.
std::unique_ptr<mode> make_mode(const mode_config&, random_stream random);

}  // namespace nicteam::team
