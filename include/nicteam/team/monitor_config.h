// What configures the monitors of a team. Parameters are rows of monitor_info (kind "team").
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/packet/addresses.h"
#include "nicteam/team/mode_config.h"
#include "nicteam/team/monitor.h"

namespace nicteam::team {

enum class arp_validate : std::uint8_t { none, active, backup, all, filter, filter_active, filter_backup };
enum class arp_all_targets : std::uint8_t { any, all };
enum class probe_address : std::uint8_t { broadcast, multicast };

constexpr unsigned most_arp_targets = 16;

struct monitor_config {
    // Media sense.
    ps miimon = 100 * millisecond;                // 0: off
    ps updelay = 0, downdelay = 0;                // rounded down to whole intervals
    bool use_carrier = false;                     // what drivers told last, without a look
    // ARP monitor.
    ps arp_interval = 0;                          // 0: off
    std::vector<std::string> arp_ip_target;
    team::arp_validate arp_validate = arp_validate::none;
    team::arp_all_targets arp_all_targets = arp_all_targets::any;
    std::uint32_t arp_missed_max = 2;
    // Probes between members.
    bool probe_enable = false;
    ps probe_send_time = second, check_time = 2 * second;
    std::uint32_t max_retries = 3;
    team::probe_address probe_address = probe_address::broadcast;
    // Heartbeat.
    ps heartbeat_interval = 0;                    // 0: off
    std::uint32_t heartbeat_misses = 3;
    ps heartbeat_wait = 10 * millisecond;
    ps heartbeat_stall = 20 * millisecond;

    // No rows: of the team, set by who builds it.
    mode_kind mode = mode_kind::aft;
    packet::ipv4_address own_ip = 0;              // of the stack above; 0: ARP requests ask without one (RFC 5227)
};
extern const block_info monitor_info;             // kind "team"

// What contradicts itself. `given`: names of the parameters that the scenario sets.
std::vector<team_problem> problems_of(const monitor_config&, const mode_config&, const std::vector<std::string>& given, const std::vector<described_member>&);

// Group addresses that the members' devices must take in for monitors and mode: of probes, heartbeats and LACPDUs.
std::vector<mac_address> groups_of(const monitor_config&, const mode_config&);

// The interval in which the configured monitor looks, 0 when there is none: announcements without a delay of their own keep it.
ps monitor_interval(const monitor_config&);

// None: every member is taken to be good, whatever its link does.
std::vector<std::unique_ptr<monitor>> make_monitors(const monitor_config&);

}  // namespace nicteam::team
