// What configures the monitors of a team. Parameters are rows of monitor_info (kind "team").
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/team/mode_config.h"
#include "nicteam/team/monitor.h"

namespace nicteam::team {

struct monitor_config {
    // Media sense.
    ps miimon = 100 * millisecond;                // 0: off
    ps updelay = 0, downdelay = 0;                // rounded down to whole intervals
    bool use_carrier = false;                     // what drivers told last, without a look
};
extern const block_info monitor_info;             // kind "team"

// What contradicts itself. `given`: names of the parameters that the scenario sets.
std::vector<team_problem> problems_of(const monitor_config&, const mode_config&, const std::vector<std::string>& given, const std::vector<described_member>&);

// The interval in which the configured monitor looks, 0 when there is none: announcements without a delay of their own keep it.
ps monitor_interval(const monitor_config&);

// None: every member is taken to be good, whatever its link does.
std::vector<std::unique_ptr<monitor>> make_monitors(const monitor_config&);

}  // namespace nicteam::team
