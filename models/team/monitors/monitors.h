// One maker a monitor.
#pragma once

#include "nicteam/team/monitor_config.h"

namespace nicteam::team {

std::unique_ptr<monitor> make_media(const monitor_config&);
std::unique_ptr<monitor> make_arp(const monitor_config&);
std::unique_ptr<monitor> make_probes(const monitor_config&);
std::unique_ptr<monitor> make_heartbeat(const monitor_config&);

}  // namespace nicteam::team
