#include <algorithm>

#include "nicteam/packet/addresses.h"
#include "nicteam/team/monitor_config.h"

namespace nicteam::team {
namespace {

bool asks_by_arp(mode_kind k) {
    return k == mode_kind::aft || k == mode_kind::active_backup || k == mode_kind::balance_rr || k == mode_kind::balance_xor || k == mode_kind::broadcast;
}

// Frames between members that all have one address would teach a switch that it is now here, now there.
bool members_have_addresses_of_their_own(const mode_config& c) {
    return c.mode == mode_kind::aft || c.mode == mode_kind::alb || c.mode == mode_kind::balance_tlb || c.mode == mode_kind::balance_alb ||
           (c.mode == mode_kind::active_backup && c.fail_over_mac != fail_over_mac::none);
}

}  // namespace

std::vector<team_problem> problems_of(const monitor_config& c, const mode_config& mode, const std::vector<std::string>& given, const std::vector<described_member>&) {
    std::vector<team_problem> out;
    const auto is_given = [&](const char* key) { return std::find(given.begin(), given.end(), key) != given.end(); };
    const auto without = [&](std::initializer_list<const char*> keys, const std::string& why) {
        for (const char* key : keys)
            if (is_given(key)) out.push_back({key, why});
    };
    if (!c.miimon) without({"updelay", "downdelay", "use_carrier"}, "it is of media sense, which is off: `miimon` is 0");
    if (!c.arp_interval) without({"arp_ip_target", "arp_validate", "arp_all_targets", "arp_missed_max"}, "it is of the ARP monitor, which is off: `arp_interval` is 0");
    if (!c.probe_enable) without({"probe_send_time", "check_time", "max_retries", "probe_address"}, "it is of probes between members, which are off: `probe_enable` is false");
    if (!c.heartbeat_interval) without({"heartbeat_misses", "heartbeat_wait"}, "it is of the heartbeat, which is off: `heartbeat_interval` is 0");

    const std::string named = std::string("mode \"") + name_of(mode.mode) + "\"";
    if (c.arp_interval) {
        if (c.miimon) out.push_back({"arp_interval", "the ARP monitor and media sense do not go together: set `miimon` to \"0 ps\""});
        if (!asks_by_arp(mode.mode)) out.push_back({"arp_interval", named + " has no ARP monitor"});
        if (c.arp_ip_target.empty()) out.push_back({"arp_ip_target", "the ARP monitor needs somebody to ask: 1 to 16 IPv4 addresses"});
        if (c.arp_ip_target.size() > most_arp_targets) out.push_back({"arp_ip_target", "there are " + std::to_string(c.arp_ip_target.size()) + " addresses, and 16 is the most"});
        for (const std::string& t : c.arp_ip_target)
            if (!packet::parse_ipv4(t)) out.push_back({"arp_ip_target", "\"" + t + "\" is no IPv4 address"});
    }
    const auto own_addresses = [&](const char* key) {
        if (!members_have_addresses_of_their_own(mode))
            out.push_back({key, "frames between members need addresses of their own, and in " + named + (mode.mode == mode_kind::active_backup ? " with `fail_over_mac` \"none\"" : "") + " they share one"});
    };
    if (c.probe_enable) {
        own_addresses("probe_enable");
        if (c.probe_send_time > c.check_time * (1 + static_cast<ps>(c.max_retries)))
            out.push_back({"probe_send_time", "probes are slower than their timeout; allowed: at most `check_time` x (1 + `max_retries`) = " + format_quantity(quantity::time, c.check_time * (1 + static_cast<ps>(c.max_retries)))});
    }
    if (c.heartbeat_interval) {
        own_addresses("heartbeat_interval");
        const bool wait_given = std::find(given.begin(), given.end(), "heartbeat_wait") != given.end();
        if (c.heartbeat_wait >= c.heartbeat_interval)
            out.push_back({wait_given ? "heartbeat_wait" : "heartbeat_interval", "with `heartbeat_wait` = " + format_quantity(quantity::time, c.heartbeat_wait) + " a beat would be waited for beyond the next one; allowed: less than `heartbeat_interval`, " + format_quantity(quantity::time, c.heartbeat_interval)});
    }
    return out;
}

}  // namespace nicteam::team
