// The rows that hold a scenario together: names, places, references, the time line, expectations. What a component does is in
// the tables of its room.
#pragma once

#include "nicteam/base/tables.h"

namespace nicteam::scenario {

extern const block_info top_keys, host_keys, cpu_keys, bus_keys, nic_keys, team_keys, pass_through_keys, background_keys, link_keys, repeater_keys,
    switch_keys, port_group_keys, peer_keys, router_keys, port_keys, echo_keys, ping_keys, traffic_keys, connections_keys, replay_keys,
    copy_engine_keys, data_device_keys, crypto_card_keys, pci_bridge_keys, crypto_service_keys, crypto_load_keys, job_server_keys, remote_load_keys,
    fault_keys, capture_keys, sa_keys, policy_keys, expect_keys, trace_keys, check_keys, sweep_keys, vary_keys, derive_keys, point_keys, figure_keys;

}  // namespace nicteam::scenario
