// The NIC's rows of the tables, and their instances in one NIC.
#pragma once

#include "nicteam/nic/nic.h"
#include "nicteam/sim/session.h"

namespace nicteam::nic {

struct metrics {
    int end_of_list;     // the rows follow
#define counter_type counter&
#define level_type level&
#define NIC_METRIC(name, unit, kind, meaning) kind##_type name;
#include "nic/metrics.def"
#undef NIC_METRIC
#undef counter_type
#undef level_type
    explicit metrics(const sc_core::sc_object&);
};

// Indices into the tables of nic_info.
enum stage_row : unsigned { tx_fetch_stage, tx_fifo_start_stage, wire_tx_stage, rx_first_octet_stage, rx_in_fifo_stage, rx_dma_start_stage, rx_dma_done_stage, status_written_stage, interrupt_stage };
enum outcome_row : unsigned { tx_underrun_outcome, tx_max_collisions_outcome, tx_late_collision_outcome, tx_unsendable_outcome, tx_no_link_outcome, tx_mac_dead_outcome, tx_reset_outcome, rx_unmatched_outcome, rx_short_outcome, rx_long_outcome, rx_bad_fcs_outcome, rx_overrun_outcome, rx_no_resources_outcome, rx_idle_outcome, rx_aborted_outcome, rx_untold_outcome, rx_isolated_outcome, rx_mac_dead_outcome, rx_control_outcome, rx_asleep_outcome, rx_fragment_outcome, rx_offloaded_outcome, rx_offload_full_outcome };
enum probe_row : unsigned { cu_state_probe, ru_state_probe, tx_fifo_level_probe, rx_fifo_level_probe, tx_active_probe, rx_active_probe, link_probe };
enum capture_row : unsigned { host_capture, wire_capture };

inline const stage_info& row(stage_row i) { return nic_info.stages.rows[i]; }
inline const outcome_info& row(outcome_row i) { return nic_info.outcomes.rows[i]; }

}  // namespace nicteam::nic
