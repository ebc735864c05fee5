// The stages in the order in which a frame passes them: from one host's memory over the wire into the other's.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

namespace nicteam::check {

constexpr std::string_view way[] = {
    "host_post", "delivered_308", "forwarded_316", "returned_320", "driver_queued", "nic_notified", "nic_tx_fetch",
    "whole_in_fifo", "packaged_22a", "protect_start", "protect_done", "frame_buffer", "nic_tx_fifo_start", "wire_begin", "wire_tx", "driver_reaped", "wire_end",
    "switched",
    "rx_first_octet", "in_142", "past_21a", "mux_130", "fed_back", "mux_122", "path_152", "engines_start", "engines_done", "delivered_22b",
    "rx_in_fifo", "rx_dma_start", "rx_dma_done", "status_written", "interrupt", "driver_received",
    "received_322", "forwarded_336", "returned_338", "delivered_340", "delivered",
};

// From 1; 0 for what is none of them.
inline unsigned place_on_way(std::string_view stage) {
    const auto* at = std::find(std::begin(way), std::end(way), stage);
    return at == std::end(way) ? 0 : static_cast<unsigned>(at - std::begin(way)) + 1;
}

}  // namespace nicteam::check
