#include "nicteam/team/monitor_config.h"

namespace nicteam::team {
namespace {

using c = monitor_config;

const parameter_info parameters[] = {
    {"miimon", quantity::time, "100 ms", "0 ps", "1000 s", nullptr, "Media sense: between two looks at each member's link; 0: none, and a lost link is not noticed.",
     "Linux bonding.rst, miimon", store<&c::miimon>},
    {"updelay", quantity::time, "0 ps", "0 ps", "1000 s", nullptr,
     "How long a link has been up until its member is good, in whole intervals `miimon`, rounded down; not waited for when no member is good.", "Linux bonding.rst, updelay",
     store<&c::updelay>},
    {"downdelay", quantity::time, "0 ps", "0 ps", "1000 s", nullptr, "How long a link has been down until its member counts as lost, in whole intervals `miimon`, rounded down.",
     "Linux bonding.rst, downdelay", store<&c::downdelay>},
    {"use_carrier", quantity::flag, "false", nullptr, nullptr, nullptr,
     "Media sense takes what the member's driver told last; else it has the driver look, which costs cycles on the management bus. A driver by itself looks every `driver.link_poll`.",
     "Linux bonding.rst, use_carrier; default: drivers here look seldom", store<&c::use_carrier>},
};

}  // namespace

const block_info monitor_info = {"team", "How a team finds out which members are good.", parameters, {}, {}, {}, {}, {}, {}};

}  // namespace nicteam::team
