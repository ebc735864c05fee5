// The state of a connection in the three parts of source document 002, ¶80-84 (requirements B-46 to B-51), layer by layer. CONST never
// changes; CACHED is the host's, which may change it; DELEGATED belongs to whoever runs the connection. The fields stand in the order of the document.
//
// Times are instants in ps while a connection stands still in one place, and cross as what is left of them, or how long they are past: the
// document's "delta". Whoever takes them over has another clock.
#pragma once

#include <array>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/packet/ip.h"
#include "nicteam/tcp/options.h"

namespace nicteam::tcp {

// RFC 9293, 3.3.2. LISTEN is a listener's, not a connection's.
enum class connection_state : std::uint8_t {
    closed, listen, syn_sent, syn_received, established, fin_wait_1, fin_wait_2, close_wait, closing, last_ack, time_wait,
};
const char* to_text(connection_state);

// ¶80
namespace constant_flag {
constexpr std::uint8_t window_scaling = 1, sack = 2, timestamps = 4;   // timestamps: negotiated as the other two are (decision 205)
}
struct transport_constant {
    std::uint16_t remote_port = 0, local_port = 0;
    std::uint8_t flags = 0;
    std::uint8_t send_scale = 0, receive_scale = 0;      // shifts, 0 ... 14
    std::uint16_t remote_mss = 536;                      // octets: what the peer's SYN said, RFC 9293 3.7.1 without the option
    friend bool operator==(const transport_constant& a, const transport_constant& b) {
        return a.remote_port == b.remote_port && a.local_port == b.local_port && a.flags == b.flags && a.send_scale == b.send_scale &&
               a.receive_scale == b.receive_scale && a.remote_mss == b.remote_mss;
    }
};

// ¶81
namespace cached_flag {
constexpr std::uint8_t nagle = 1, keep_alive = 2;
}
struct transport_cached {
    std::uint8_t flags = cached_flag::nagle;
    ps keep_alive_interval = 7200 * second;              // of silence before the first probe (RFC 9293, 3.8.4: two hours at least)
    std::uint8_t keep_alive_probes = 9;                  // without an answer, before the connection is given up
    ps keep_alive_delta = 75 * second;                   // between probes
    std::uint16_t effective_mss = 536;                   // octets of text in a segment
    std::uint32_t initial_receive_window = 65535;        // octets that the receive queue holds
    std::uint32_t indicate_octets = 0;                   // to be copied in a receive indication of a device; 0: all
    std::uint8_t type_of_service = 0, traffic_class = 0; // IPv4, IPv6
    std::uint32_t flow_label = 0;                        // IPv6, 20 bits
};

// ¶82: "one or more flags"
namespace delegated_flag {
constexpr std::uint32_t remote_aborted = 1, passive = 2, fin_wanted = 4, fin_sent = 8, fin_known = 0x10, fin_taken = 0x20, in_recovery = 0x40, timing = 0x80,
                        ack_now = 0x100, urgent_out = 0x200, urgent_in = 0x400, nobody_reads = 0x800, timed_out_once = 0x1000, rescued = 0x2000,
                        recent_known = 0x4000, partial_seen = 0x8000, all = 0xFFFF;
}

constexpr std::uint8_t most_probe_doublings = 10;    // beyond it a zero-window probe waits for the longest time in any case

// What RFCs 2018, 5961, 6298, 6582, 6675 and 7323 keep beyond the document's list, so that a connection goes on as if it had not moved (decision 205).
struct transport_further {
    sequence iss = 0, irs = 0;                   // initial send and receive sequence numbers
    sequence rcv_adv = 0;                        // right edge of the window that was promised
    sequence last_ack_sent = 0;                  // RFC 7323, 4.3
    sequence fin_at = 0;                         // where the peer's FIN stands; with flag fin_known
    sequence snd_up = 0, rcv_up = 0;             // octet behind urgent data; with flags urgent_out, urgent_in
    sequence recover = 0;                        // RFC 6582; RecoveryPoint of RFC 6675
    sequence high_rxt = 0;                       // RFC 6675
    sequence timed = 0;                          // the round trip of this octet is measured; with flag timing
    ps timed_at = 0;
    ps rto = second;
    std::uint32_t counted_octets = 0;            // acknowledged since the window last grew, RFC 5681 3.1
    std::uint32_t timestamp_offset = 0;          // RFC 7323, 5.4
    std::uint32_t limited_octets = 0;            // sent by limited transmit, RFC 3042: no part of FlightSize
    std::uint8_t segments_unacknowledged = 0;    // with text, since the last ACK
    std::uint8_t window_probes = 0;              // sent since the peer last answered
    std::uint8_t probe_backoff = 0;              // doublings of the time between them
    std::uint8_t challenges = 0;                 // challenge ACKs since challenges_since
    ps challenges_since = 0;
    ps delayed_ack_at = never, persist_at = never, last_wait_at = never;   // last_wait: FIN-WAIT-2, TIME-WAIT
    ps last_sent_at = 0;
    std::vector<sack_block> scoreboard;          // ascending, apart from each other: above SND.UNA, received by the peer
};

// ¶82-83
struct transport_delegated {
    connection_state state = connection_state::closed;
    std::uint32_t flags = 0;
    sequence rcv_nxt = 0;
    std::uint32_t rcv_wnd = 0;                   // as last advertised
    sequence snd_una = 0, snd_nxt = 0;
    std::uint32_t snd_wnd = 0;
    sequence snd_wl1 = 0, snd_wl2 = 0, snd_max = 0;
    std::uint32_t max_win = 0, cwnd = 0;
    std::uint32_t ssthresh = 0;
    ps srtt = 0, rtt_var = 0;                    // 0: no sample yet
    std::uint32_t ts_recent = 0;
    ps ts_recent_at = 0;                         // crosses as TsRecentAge
    std::uint8_t dup_ack_count = 0;              // stays at 255
    std::uint8_t keep_alive_probe_count = 0;
    ps keep_alive_at = never;                    // crosses as KeepAlive TimeoutDelta
    std::uint8_t retransmit_count = 0;           // the document's second "KeepAlive Count"
    ps retransmit_at = never;                    // crosses as Retransmit TimeoutDelta
    // BufferedData: the receive queue of the connection, moved beside these fields.
    transport_further further;
};

// ¶84
struct path_constant {
    packet::ip_address destination, source;
};
struct path_cached {
    std::uint32_t path_mtu = 1500;               // octets of an IP datagram
};
struct path_delegated {
    std::uint16_t identification_start = 0;
    std::uint32_t identifications_used = 0;      // beyond the document: with the start alone the slice would drift (defect DF-3)
};

enum class header_format : std::uint8_t { dix, llc_snap };
struct neighbor_constant {};                     // the document has none
struct neighbor_cached {
    packet::mac_address destination{};
    ps host_reachable_at = 0, nic_reachable_at = 0;   // last sign of life (RFC 4861, 7.3.1; the document cites RFC 2461); cross as deltas
    header_format format = header_format::dix;
};
struct neighbor_delegated {};                    // the document has none

}  // namespace nicteam::tcp
