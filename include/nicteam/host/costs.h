// What software costs on the modelled CPU: one row per kind of work, models/host/costs.def. A scenario may set each
// (cost_NAME of a CPU). Rooms above may charge operations of their own as well; those count as "other".
#pragma once

#include <array>
#include <cstdint>

#include "nicteam/host/cpu.h"

namespace nicteam::host {

enum class cost : unsigned {
    interrupt_entry, interrupt_exit, dispatch, lock_acquire, lock_release,
    driver_interrupt, driver_send, driver_send_piece, driver_reap, driver_receive, driver_request,
    intermediary,
    arp, ip_send, ip_receive, icmp, udp_send, udp_receive, raw_send, raw_receive, checksum_byte, copy_byte,
    policy, fragment, reassemble, ipsec, des_byte, des3_byte, aes_byte, md5_byte, sha1_byte, sha2_byte, galois_byte,
    tcp_segment_in, tcp_demultiplex, tcp_option_read, tcp_acceptance, tcp_acknowledgement, tcp_sack_block, tcp_out_of_order, tcp_urgent, tcp_rtt_sample,
    tcp_congestion, tcp_timer_set, tcp_timer_fired, tcp_segment_out, tcp_option_written, tcp_retransmission, tcp_state_change, tcp_connection_made,
    tcp_byte_moved, tcp_path_read,
    application_send, application_receive, verify_byte,
    number_of
};
constexpr unsigned cost_count = static_cast<unsigned>(cost::number_of);

const operation& of(cost);                              // its row: name, default cycles, meaning, source
std::array<std::uint64_t, cost_count> default_costs();

}  // namespace nicteam::host
