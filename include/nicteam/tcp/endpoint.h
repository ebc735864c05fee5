// The rows of a TCP endpoint, of a host's stack and of a peer alike: by which rules its connections run, and what it counts.
#pragma once

#include <array>
#include <functional>

#include "nicteam/base/metrics.h"
#include "nicteam/base/tables.h"
#include "nicteam/tcp/connection_table.h"

namespace nicteam::tcp {

struct endpoint_config {
    bool window_scaling = true, sack = true, timestamps = true, nagle = true, keep_alive = false;
    ps delayed_acknowledgement = 200 * millisecond;      // 0: each segment with text is acknowledged at once
    std::uint32_t receive_window = 65535, send_queue = 65535;
    ps least_timeout = second, first_timeout = second;
    ps maximum_segment_lifetime = 120 * second;
    ps keep_alive_interval = 7200 * second, keep_alive_delta = 75 * second;
    std::int64_t keep_alive_probes = 9;
    std::int64_t syn_retries = 6, data_retries = 15;
    std::int64_t backlog = 128;                          // of each listener
    std::int64_t most_connections = 65536;
};
extern const block_info endpoint_info;                   // kind "tcp"

tcp_rules rules_of(const endpoint_config&);

// What an endpoint counts, under the names of endpoint_info.
class endpoint_counters final : public step_counter {
public:
    // `bind`: the counter of a row.
    explicit endpoint_counters(const std::function<counter&(const metric_info&)>& bind);

    void count(step s, std::uint64_t times) override;
    void happened(std::uint32_t events);                 // of a connection that the user has
    void sent(packet::octets segment);
    void received(packet::octets segment, fate);
    void opened(bool actively);

    std::array<std::uint64_t, step_kinds> take_steps();  // since the last call

private:
    enum metric : unsigned {
        m_segments_sent, m_segments_received, m_octets_sent, m_octets_received, m_retransmissions, m_out_of_order, m_resets_sent, m_opened, m_accepted,
        m_established, m_closed, m_refused, m_reset, m_timed_out, m_bad, m_outside, m_no_connection, metrics
    };
    std::array<counter*, metrics> counters_{};
    std::array<std::uint64_t, step_kinds> steps_{};
};

}  // namespace nicteam::tcp
