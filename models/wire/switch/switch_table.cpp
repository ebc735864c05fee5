// The rows of [[switch]] and [[port_group]].
#include "wire/switch/switch_table.h"

namespace nicteam::wire {
namespace {

using c = switch_config;
using g = port_group_config;

const parameter_info parameters[] = {
    {"ports", quantity::count, "8", "2", "64", nullptr, "Number of ports.", "choice", store<&c::ports>},
    {"latency", quantity::time, "4 us", "1 ns", "10 ms", nullptr,
     "From a frame's last octet in to its first octet out if its port is free: storing, checking, looking up.",
     "RFC 1242, 3.8: latency of a store and forward device; the value is a choice", store<&c::latency>},
    {"queue", quantity::count, "256", "1", "1000000", nullptr, "Frames that may wait at a port for its line; more are lost.", "choice", store<&c::queue>},
    {"table_size", quantity::count, "8192", "1", "1000000", nullptr, "Addresses that its table holds, static ones among them; others are not learned.",
     "choice", store<&c::table_size>},
    {"ageing_time", quantity::time, "300 s", "1 us", "1000000 s", nullptr, "An address that was not seen for so long is forgotten.",
     "IEEE 802.1D table 7-5: 10 s to 1000000 s, 300 s recommended; shorter ones for short runs", store<&c::ageing>},
    {"max_frame", quantity::size, "2000 B", "64 B", "16 KiB", nullptr, "Longest frame that it takes, destination address to FCS.",
     "IEEE 802.3 3.2.7: envelope frames", store<&c::max_frame>},
    {"mac", quantity::text, "02:00:00:00:01:01", nullptr, nullptr, nullptr, "Its own MAC address, of what it sends itself: LACPDUs.",
     "IEEE 802, 8.2: locally administered", store<&c::mac>},
};

const parameter_info group_parameters[] = {
    {"choice", quantity::choice, "both_macs", nullptr, nullptr, port_choices,
     "By what the switch chooses the port for a frame, unknown to the stations: its addresses, octet XOR octet, a hash of Linux bonding (of the whole frame), "
     "each modulo the ports that are up; or each in turn, whatever becomes of the order.",
     "IEEE 802.1AX 5.2.4: the distribution is the system's own; decision 141", store<&g::choice>},
    {"lacp", quantity::choice, "off", nullptr, nullptr, "off|active|passive",
     "Which ports of the group carry frames: all that are up, or those that LACP takes: those at which the same system answers. Passive: speaks only when spoken to.",
     "IEEE 802.1AX 5.4", store<&g::lacp>},
    {"lacp_rate", quantity::choice, "slow", nullptr, nullptr, "slow|fast",
     "LACPDUs that it asks its partner for, and how long it waits for three of them: each 30 s, or each second.", "IEEE 802.1AX 5.4.4", store<&g::fast>},
};

const fault_info faults[] = {
    {"path_dead", "", "Nothing is forwarded, while all links stay up."},
    {"power_off", "", "Its links go down, frames and learned addresses are lost; at the end it comes up anew."},
    {"table_flush", "", "At its beginning all learned addresses are forgotten."},
};
const fault_info port_faults[] = {
    {"path_dead", "", "The port forwards nothing, in or out, while its link stays up."},
    {"path_dead_in", "", "What comes in at the port is lost, while its link stays up."},
    {"path_dead_out", "", "What would go out at the port is lost, while its link stays up."},
};

const capture_info captures[] = {
    {"frames", "Frames received and sent at the port, damaged ones included, stamped with their first octet behind the preamble."}};

const probe_info probes[] = {{"table", 32, nullptr, "Addresses in the table."}};

const char* const port_states[] = {"down", "up", "path_dead", "path_dead_in", "path_dead_out", nullptr};
const probe_info port_probes[] = {
    {"waiting", 20, nullptr, "Frames that wait for the line."},
    {"state", 0, port_states, "The link, and whether frames pass though it is up."},
};

const probe_info group_probes[] = {{"active", 8, nullptr, "Ports that frames may go to."}};

}  // namespace

const metric_info switch_metrics[] = {
    {"frames", "frames", "Good frames that were decided upon: the sum of the six that follow, those at dead paths apart.", metric_info::counter},
    {"forwarded", "frames", "Frames sent by the one port, or group, at which their destination was known.", metric_info::counter},
    {"unknown", "frames", "Frames flooded because their destination was not in the table.", metric_info::counter},
    {"to_group", "frames", "Frames flooded because they are for a group, broadcasts among them.", metric_info::counter},
    {"filtered", "frames", "Frames not sent on because their destination is where they came from.", metric_info::counter},
    {"reserved", "frames", "Frames for 01-80-C2-00-00-00 … 0F, which no bridge sends on.", metric_info::counter},
    {"no_port", "frames", "Frames that no port was up for.", metric_info::counter},
    {"learned", "addresses", "Addresses that came into the table.", metric_info::counter},
    {"moves", "moves", "Times that an address was seen at another port than before: flaps.", metric_info::counter},
    {"aged", "addresses", "Addresses forgotten after ageing_time.", metric_info::counter},
    {"forgotten", "addresses", "Addresses forgotten because the last link to them, the table or the power was lost.", metric_info::counter},
    {"not_learned", "frames", "Frames whose source found no room in the table, or a static entry elsewhere.", metric_info::counter},
    {"lost_power", "frames", "Frames in it when the power went off.", metric_info::counter},
    {"entries", "addresses", "Addresses in the table.", metric_info::level},
};

const metric_info switch_port_metrics[] = {
    {"rx_frames", "frames", "Good frames received, MAC control frames not among them.", metric_info::counter},
    {"rx_octets", "B", "Their octets, destination address to FCS.", metric_info::counter},
    {"rx_bad_fcs", "frames", "Frames dropped for a bad FCS.", metric_info::counter},
    {"rx_cut", "frames", "Frames dropped because only a part came.", metric_info::counter},
    {"rx_short", "frames", "Frames dropped because they have fewer than 64 octets.", metric_info::counter},
    {"rx_long", "frames", "Frames dropped because they are longer than max_frame.", metric_info::counter},
    {"rx_control", "frames", "MAC control frames, which end here. The port does not take PAUSE.", metric_info::counter},
    {"rx_path_dead", "frames", "Good frames lost because the path in was dead.", metric_info::counter},
    {"rx_not_aggregated", "frames", "Good frames lost because LACP has not taken the port into its group.", metric_info::counter},
    {"tx_frames", "frames", "Frames sent.", metric_info::counter},
    {"tx_octets", "B", "Their octets, destination address to FCS.", metric_info::counter},
    {"waited", "frames", "Frames that waited because the line was busy.", metric_info::counter},
    {"full", "frames", "Frames lost because the port's queue was full.", metric_info::counter},
    {"link_down", "frames", "Frames lost that waited when the link was lost.", metric_info::counter},
    {"tx_path_dead", "frames", "Frames lost because the path out was dead.", metric_info::counter},
    {"queue", "frames", "Frames that wait for the line.", metric_info::level},
    {"residence", "ps", "From a frame's last octet in to its first octet out here.", metric_info::histogram},
};

const metric_info port_group_metrics[] = {
    {"members", "ports", "Ports of the group that frames may go to.", metric_info::level},
    {"lacp_sent", "frames", "LACPDUs and answers to markers that its ports sent.", metric_info::counter},
    {"lacp_received", "frames", "LACPDUs and markers that they took.", metric_info::counter},
};

const stage_info switch_stages[] = {{"switched", "A switch knows where it goes: it waits for the line, or is sent."}};

const outcome_info switch_outcomes[] = {
    {"flooded", false, "Goes on as a copy at every other port of a switch.", true, false, true},
    {"filtered_by_switch", true, "Its destination is where it came from, as far as the switch knows.", false, false, false, true},
    {"for_the_switch", false, "To an address reserved for bridges (01-80-C2-00-00-0x)."},
    {"mac_control_at_switch", false, "A MAC control frame: for one end of a link by the other, never passed on."},
    {"no_port_up", true, "No port of the switch was up to send it."},
    {"switch_full", true, "A switch's port had no room.", false, true},
    {"switch_link_down", true, "Waited at a switch's port when its link was lost."},
    {"not_aggregated", true, "Came to a port of a switch that LACP has not taken into its group."},
    {"path_dead", true, "A switch's path was dead, its link up."},
    {"switch_off", true, "Was in a switch when its power went off."},
    {"bad_fcs_at_switch", true, "Came to a switch with a bad FCS."},
    {"cut_at_switch", true, "Came to a switch in part."},
    {"short_at_switch", true, "Came to a switch with fewer than 64 octets."},
    {"long_at_switch", true, "Came to a switch with more octets than it takes."},
};

const block_info switch_info = {"switch", "A switch: it learns where stations are, and sends a frame where its destination is.",
                                parameters, switch_metrics, probes, faults, {}, switch_stages, switch_outcomes};
const block_info switch_port_info = {"switch_port", "A port of a switch, called by its link.", {}, switch_port_metrics, port_probes, port_faults, captures, {}, {}};
const block_info port_group_info = {"port_group", "Ports of a switch that are one way for it: its end of a team of links.",
                                    group_parameters, port_group_metrics, group_probes, {}, {}, {}, {}};

}  // namespace nicteam::wire
