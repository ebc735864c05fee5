#include <algorithm>

#include "nicteam/aggregation/lacpdu.h"
#include "team/monitors/between_members.h"
#include "team/monitors/monitors.h"

namespace nicteam::team {

ps monitor_interval(const monitor_config& c) { return c.miimon ? c.miimon : c.arp_interval ? c.arp_interval : c.heartbeat_interval ? c.heartbeat_interval : c.probe_enable ? c.check_time : 0; }

std::vector<std::unique_ptr<monitor>> make_monitors(const monitor_config& c) {
    std::vector<std::unique_ptr<monitor>> out;
    if (c.miimon) out.push_back(make_media(c));
    if (c.arp_interval) out.push_back(make_arp(c));
    if (c.probe_enable) out.push_back(make_probes(c));
    if (c.heartbeat_interval) out.push_back(make_heartbeat(c));
    return out;
}

std::vector<mac_address> groups_of(const monitor_config& c, const mode_config& mode) {
    std::vector<mac_address> out;
    if (mode.mode == mode_kind::ieee_802_3ad) out.push_back(aggregation::slow_protocols);
    if (c.probe_enable && c.probe_address == probe_address::multicast) out.push_back(probe_group);
    if (c.heartbeat_interval) out.push_back(heartbeat_group);
    return out;
}

}  // namespace nicteam::team
