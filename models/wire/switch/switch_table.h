// Names for the rows of the switch's tables.
#pragma once

#include "nicteam/wire/ethernet_switch.h"

namespace nicteam::wire {

enum switch_metric : unsigned {
    w_frames, w_forwarded, w_unknown, w_to_group, w_filtered, w_reserved, w_no_port, w_learned, w_moves, w_aged, w_forgotten, w_not_learned,
    w_lost_power, w_entries, switch_metric_count
};
extern const metric_info switch_metrics[switch_metric_count];

enum switch_port_metric : unsigned {
    p_rx_frames, p_rx_octets, p_rx_bad_fcs, p_rx_cut, p_rx_short, p_rx_long, p_rx_control, p_rx_dead, p_rx_apart, p_tx_frames, p_tx_octets, p_waited, p_full,
    p_link_down, p_tx_dead, p_queue, p_residence, switch_port_metric_count
};
extern const metric_info switch_port_metrics[switch_port_metric_count];

enum switch_stage : unsigned { s_switched, switch_stage_count };
extern const stage_info switch_stages[switch_stage_count];

enum switch_outcome : unsigned {
    o_flooded, o_filtered, o_reserved, o_control, o_no_port, o_full, o_link_down, o_apart, o_path_dead, o_power_off, o_bad_fcs, o_cut, o_short, o_long,
    switch_outcome_count
};
extern const outcome_info switch_outcomes[switch_outcome_count];

enum switch_fault : unsigned { f_path_dead, f_power_off, f_table_flush };
enum switch_port_fault : unsigned { f_port_path_dead, f_port_path_dead_in, f_port_path_dead_out };
enum port_state : unsigned { state_down, state_up, state_path_dead, state_path_dead_in, state_path_dead_out };

enum port_group_metric : unsigned { g_members, g_sent, g_received, port_group_metric_count };
extern const metric_info port_group_metrics[port_group_metric_count];

}  // namespace nicteam::wire
