// What the units of one NIC share.
#pragma once

#include "nic/descriptor_loops.h"
#include "nic/dma_yield.h"
#include "nic/mac/address_filter.h"
#include "nic/mac/mac_faults.h"
#include "nic/registers/configure_bytes.h"
#include "nic/registers/identities.h"
#include "nic/registers/internal_dump.h"
#include "nic/registers/interrupts.h"
#include "nic/registers/statistics.h"
#include "nic/tables.h"
#include "nicteam/base/random_stream.h"
#include "nicteam/nic/nic.h"
#include "nicteam/pci/device.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/session.h"

namespace nicteam::nic {

// Timers, in the order in which they are served at one instant: what the MACs did first, what the units decide then.
enum timer : unsigned { mac_step_timer, stage_timer, overrun_timer, cna_timer, cu_accept_timer, ru_accept_timer, receive_timer, mdi_timer, self_test_timer, flow_timer, restop_timer, low_priority_timer, wake_timer, bundle_timer, timers_ };

// DMA channels: transfer::tag. The lowest priority number goes first.
enum channel : unsigned { receive_channel, command_channel, report_channel, ring_channel };
constexpr unsigned priority_of[] = {0, 1, 2, 3};

struct chip {
    const nic_config& config;
    pci::services& bus;
    sim::agenda& timers;
    metrics& count;
    sim::station& station;
    const sim::capture_point& host_capture;
    const sim::capture_point& wire_capture;
    sim::probe& cu_probe;
    sim::probe& ru_probe;
    sim::probe& tx_level_probe;
    sim::probe& rx_level_probe;
    sim::probe& tx_active_probe;
    sim::probe& rx_active_probe;
    sim::probe& link_probe;
    sim::shadow& shadow;
    sim::doubt& doubt;
    random_stream backoff;       // half duplex

    configuration setup{info_of(config.identity).generation};
    address_filter filter{};
    dma_yield yield{};
    descriptor_loops loops{config.descriptor_loops, count.descriptor_stops};
    statistics hardware{};
    latest_frames latest{};
    interrupts irq{};
    mac_faults faults{};
    bool asleep = false;         // below D0: no frame is let in

    ps clock() const { return bus.clock().period(); }
};

// What an agent brings to memory or fetches from it: master and target aborts end like a normal completion (DS 4.2.1).
inline void count_abort(chip& c, pci::transfer_result r) {
    if (r == pci::transfer_result::master_abort) c.count.master_aborts.add();
    if (r == pci::transfer_result::target_abort) c.count.target_aborts.add();
}

}  // namespace nicteam::nic
