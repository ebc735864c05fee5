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
    {"arp_interval", quantity::time, "0 ps", "0 ps", "1000 s", nullptr,
     "ARP monitor: between two questions to the targets; 0: none. Of modes `aft`, `active_backup`, `balance_rr`, `balance_xor` and `broadcast`, and not beside media sense.",
     "Linux bonding.rst, arp_interval", store<&c::arp_interval>},
    {"arp_ip_target", quantity::list, "", nullptr, nullptr, nullptr, "IPv4 addresses that are asked for, up to 16.", "Linux bonding.rst, arp_ip_target", store<&c::arp_ip_target>},
    {"arp_validate", quantity::choice, "none", nullptr, nullptr, "none|active|backup|all|filter|filter_active|filter_backup",
     "Which members need a word between a target and the team as a sign of life: none, the active one, the others, all; any frame counts for the rest, or any ARP message with `filter`.",
     "Linux bonding.rst, arp_validate 0 to 6", store<&c::arp_validate>},
    {"arp_all_targets", quantity::choice, "any", nullptr, nullptr, "any|all", "Whether one target that answers is enough.", "Linux bonding.rst, arp_all_targets", store<&c::arp_all_targets>},
    {"arp_missed_max", quantity::count, "2", "1", "255", nullptr, "Intervals without a sign of life until a member counts as lost; one that is not active has one more.",
     "Linux bonding.rst, arp_missed_max", store<&c::arp_missed_max>},
    {"probe_enable", quantity::flag, "false", nullptr, nullptr, nullptr,
     "Members send each other probes (EtherType 886Dh), and one that takes in no frame has failed. Tests nothing while there are fewer than three members. Of modes whose members have addresses of their own.",
     "Intel ANS, ProbeEnable", store<&c::probe_enable>},
    {"probe_send_time", quantity::time, "1 s", "1 ms", "1000 s", nullptr, "Between two probes of a member.", "Intel ANS, ProbeSendTime: 20 ticks of 50 ms", store<&c::probe_send_time>},
    {"check_time", quantity::time, "2 s", "1 ms", "1000 s", nullptr, "Between two looks at what a member has taken in.", "Intel ANS, CheckTime; default: choice, two probes", store<&c::check_time>},
    {"max_retries", quantity::count, "3", "0", "255", nullptr, "Looks that may find nothing before the one that fails a member.", "Intel ANS, MaxRetries; default: choice", store<&c::max_retries>},
    {"probe_address", quantity::choice, "broadcast", nullptr, nullptr, "broadcast|multicast", "To whom probes are sent: all, or the group 03:00:00:00:88:6d.", "Intel ANS; the group: choice",
     store<&c::probe_address>},
    {"heartbeat_interval", quantity::time, "0 ps", "0 ps", "1000 s", nullptr,
     "Heartbeat: between two beats of each member, which another must hear; 0: none. HP's teams: 3 s, 3 to 60. Of modes whose members have addresses of their own.", "HP teaming, path validation heartbeats",
     store<&c::heartbeat_interval>},
    {"heartbeat_misses", quantity::count, "3", "1", "255", nullptr, "Beats in a row that nobody heard until the path of a member counts as dead.", "choice; what-if table of detection times",
     store<&c::heartbeat_misses>},
    {"heartbeat_wait", quantity::time, "10 ms", "1 us", "1000 s", nullptr, "How long a beat may take to be heard from when it left its member's ring, what waits in that one's FIFO and engines included; less than `heartbeat_interval`.", "choice", store<&c::heartbeat_wait>},
    {"heartbeat_stall", quantity::time, "20 ms", "1 us", "1000 s", nullptr,
     "A beat that still waits in its member's own ring is missed only when that member's driver has told of nothing sent for so long.",
     "choice: 16 frames of 1,518 octets at 10 Mb/s, of which a driver tells at once", store<&c::heartbeat_stall>},
};

}  // namespace

const block_info monitor_info = {"team", "How a team finds out which members are good.", parameters, {}, {}, {}, {}, {}, {}};

}  // namespace nicteam::team
