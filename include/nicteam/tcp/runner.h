// Who runs connections, a host, a NIC or a peer: by which rules, with which congestion policy, and what counts its steps.
#pragma once

#include "nicteam/tcp/congestion.h"
#include "nicteam/tcp/retransmission_timer.h"
#include "nicteam/tcp/state.h"
#include "nicteam/tcp/step.h"

namespace nicteam::tcp {

struct tcp_rules {
    // What a SYN of ours offers.
    bool window_scaling = true, sack = true, timestamps = true;
    std::uint32_t send_capacity = 65535;             // octets of the send queue, unacknowledged ones among them
    bool delayed_acknowledgements = true;
    ps delayed_acknowledgement = 200 * millisecond;  // RFC 9293, 3.8.6.3: below 500 ms
    timeout_limits timeout;
    ps least_probe = 500 * millisecond;              // zero-window probes: RTO, doubled each time, within these (RFC 9293, 3.8.6.1)
    ps most_probe = 60 * second;
    ps override_time = 200 * millisecond;            // RFC 9293, 3.8.6.2.1: 0.1 to 1 s
    ps maximum_segment_lifetime = 120 * second;      // RFC 9293, 3.4.2
    ps fin_wait_2 = 60 * second;                     // when nobody reads any more
    std::uint8_t syn_retries = 6, data_retries = 15; // R2 (RFC 9293, 3.8.3): 3 minutes of SYNs, 100 s of data at least
    ps timestamp_tick = millisecond;                 // RFC 7323, 5.4: 1 ms to 1 s
    unsigned challenges = 10;                        // RFC 5961, 7: of each connection (decision 206) …
    ps challenges_per = 5 * second;                  // … in this time
    transport_cached cached;                         // of a new connection
};

struct runner {
    tcp_rules rules;
    const congestion_policy* congestion = &new_reno();
    step_counter* steps = nullptr;                   // nobody counts
    bool is_nic = false;                             // whose sign of life a neighbour gets
    bool checksum = true;                            // false: segments leave with the sum of their pseudo header, for hardware

    void count(step s, std::uint64_t times = 1) const {
        if (steps) steps->count(s, times);
    }
};

}  // namespace nicteam::tcp
