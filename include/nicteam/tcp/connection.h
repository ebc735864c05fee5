// One end of a TCP connection: RFC 9293. Function apart from time: each call says what time it is, never waits, and gives back what is to
// be done: segments to send, events for the application. The caller asks `next_deadline` and calls `on_timer` then.
//
// Addresses are its path's. Octets are real. One state machine for host, NIC and peer: `runner`. Its state can be taken out and put into another
// one at any instant between two calls (`take_out`, `put_in`), which goes on as if nothing had happened.
#pragma once

#include <memory>

#include "nicteam/tcp/layers.h"
#include "nicteam/tcp/octet_queue.h"
#include "nicteam/tcp/reassembly_queue.h"
#include "nicteam/tcp/runner.h"
#include "nicteam/tcp/segment.h"

namespace nicteam::tcp {

// What became of a segment.
enum class fate : std::uint8_t {
    taken,                // its fields were used
    bad_length,           // header or data offset does not fit
    bad_checksum,
    no_connection,        // closed, or its state was taken out: RFC 9293, 3.10.7.1 is the caller's
    outside_window,       // the acceptance test of RFC 9293, 3.4; answered with an ACK unless it was a RST
    old_timestamp,        // PAWS (RFC 7323, 5.3); answered with an ACK
    no_timestamp,         // although they were agreed on (RFC 7323, 3.2); not answered
    challenged,           // RFC 5961: may be blind; a challenge ACK, within their limit
    no_acknowledgement,   // a segment without ACK where it must have one
    wrong_acknowledgement,// of what was never sent, in SYN-SENT and SYN-RECEIVED: answered with RST
    repeated_syn,         // SYN-RECEIVED: SYN-ACK is sent again
    reset,                // ended the connection
    back_to_listen,       // RFC 9293, 3.10.7.4: RST or SYN in SYN-RECEIVED after a passive open; the connection is gone
    not_wanted,           // in SYN-SENT: neither SYN nor RST, or a RST of somebody else
};
const char* to_text(fate);

namespace event {
constexpr std::uint32_t connected = 1, readable = 2, writable = 4, urgent = 8, peer_closed = 16,
                        closed = 32,          // gone: state CLOSED
                        refused = 64, was_reset = 128, timed_out = 256;   // why
}

struct actions {
    std::vector<bytes> segments;         // to send, in order; each a TCP header with options and text
    std::uint32_t events = 0;
};

// What moves when a connection moves: three parts as part_format.h has them, and buffered data beside the DELEGATED part.
struct moved_connection {
    bytes constant, cached, delegated;
    octet_queue unsent, received;        // from SND.UNA on; acknowledged and not yet consumed
    reassembly_queue out_of_order;
};

class connection final : public clocked_object {
public:
    // `by` and what it names outlive the connection. timestamp_offset: RFC 7323, 5.4. Throws std::invalid_argument without a path.
    connection(const runner& by, std::shared_ptr<tcp::path> over, std::uint16_t local_port, std::uint16_t remote_port, sequence iss,
               std::uint32_t timestamp_offset = 0);

    // --- The user: RFC 9293, 3.10.1 to 3.10.5 ---
    void open(ps now, actions&);                                                // active: sends SYN
    void open(ps now, const segment_view& syn, actions&);                       // passive: a listener got this SYN; sends SYN-ACK
    // Octets taken; less than all when the queue is full, none after close. Before the connection is established they wait.
    std::size_t send(ps now, packet::octets, actions&);
    std::size_t room_to_send() const;                                           // octets that send would take
    std::size_t send_urgent(ps now, packet::octets, actions&);
    const octet_queue& received() const { return received_; }                   // acknowledged, not yet consumed
    const octet_queue& unsent() const { return unsent_; }                       // from SND.UNA on: unacknowledged and not yet sent
    const reassembly_queue& out_of_order() const { return out_of_order_; }
    void consume(ps now, std::size_t octets, actions&);
    std::uint32_t urgent_octets() const;                                        // of those to be consumed next: up to the urgent pointer
    void close(ps now, actions&);                                               // no more to send; data may still come
    void abandon(ps now, actions&);                                             // … and nobody reads: data that comes is answered with RST
    void abort(ps now, actions&);                                               // RST; gone

    // --- The network ---
    fate on_segment(ps now, const segment_view&, actions&);
    void go_on(ps now, actions&);                                               // behind put_in: what was put to its queues on the way is sent, if it may be
    void on_path(ps now, actions&);                                             // the path changed: at once, not with the next segment
    // The peer's FIN has been taken, or the connection is gone: nothing comes behind received().
    bool peer_closed() const;
    bool quotes(sequence s) const { return at_or_after(s, d_.snd_una) && before(s, d_.snd_max); }   // RFC 5927, 4.1

    // --- Time ---
    ps next_deadline() const;            // never: no timer runs
    void on_timer(ps now, actions&);

    // --- State ---
    connection_state state() const { return d_.state; }
    const transport_constant& constant() const { return c_; }
    const transport_cached& cached() const { return cached_; }
    void set_cached(const transport_cached&);                                   // the host's; takes effect with the next call
    const transport_delegated& delegated() const { return d_; }
    const std::shared_ptr<tcp::path>& over() const { return path_; }
    bool made_by_listener() const { return has(delegated_flag::passive); }
    // TIME-WAIT: may this SYN begin a new connection (RFC 9293, 3.6.1; RFC 6191)?
    bool may_follow(const segment_view& syn) const;
    std::size_t memory() const;          // octets: this object and what it allocated

    // From here on this object has no state: every segment is fate::no_connection. Empty parts when it was CLOSED or taken out before.
    moved_connection take_out(ps now);
    // false: octets that are no such state, or this object is in use; nothing has changed. Ports and path were given when it was made.
    bool put_in(ps now, moved_connection);

    state::layer layer() const override { return state::layer::connection; }
    void save(state::part, bytes& out) const override;
    bool load(state::part, const std::uint8_t* from, std::size_t n) override;

private:
    bool has(std::uint32_t f) const { return d_.flags & f; }
    void set(std::uint32_t f, bool on = true) { d_.flags = on ? d_.flags | f : d_.flags & ~f; }
    bool agreed(std::uint8_t constant_flag) const { return c_.flags & constant_flag; }
    const tcp_rules& rules() const { return by_->rules; }
    void count(step s, std::uint64_t n = 1) const { by_->count(s, n); }
    bool moved_or_closed() const { return d_.state == connection_state::closed; }
    void enter(connection_state);
    void end(std::uint32_t why, actions&);

    // input.cpp: a segment, in the order of RFC 9293, 3.10.7.4; syn.cpp: 3.10.7.2 and 3.10.7.3
    fate synchronized(segment_view, const options_read&, actions&);
    fate syn_sent(const segment_view&, const options_read&, actions&);
    void agree(const options_read&);
    std::uint8_t scale_to_offer() const;
    bool acceptable(const segment_view&) const;
    bool challenge(actions&);
    void note_timestamp(const segment_view&, const options_read&);
    fate on_reset(actions&);

    // acknowledgement.cpp
    void established(const segment_view&, actions&);
    void acknowledge(const segment_view&, const options_read&, actions&);
    void new_acknowledgement(sequence ack, const options_read&, actions&);
    void duplicate_acknowledgement(actions&);
    void enter_recovery(actions&);
    void take_window(const segment_view&);
    void after_acknowledgement(actions&);

    // text.cpp
    void take_urgent(const segment_view&, actions&);
    void take_text(const segment_view&, actions&);
    void take_fin(const segment_view&, actions&);
    void fin_in_order(actions&);

    // output.cpp
    void transmit(actions&);
    bool send_new(actions&);
    bool may_be_small(std::uint32_t length, std::uint32_t available, bool fin) const;
    bool send_lost(actions&);
    void resend(sequence at, std::uint32_t most, actions&);
    void watch_window(bool sent, actions&);
    bool sends_data() const;
    sequence text_end() const;
    std::uint32_t segment_room() const;
    std::uint32_t flight() const { return d_.snd_max - d_.snd_una; }
    congestion_window window() { return {d_.cwnd, d_.ssthresh, d_.further.counted_octets}; }
    round_trips times() { return {d_.srtt, d_.rtt_var, d_.further.rto}; }

    // emit.cpp
    void emit(sequence at, packet::octets text, std::uint8_t flags, actions&);
    void emit_syn(actions&);
    void put_out(segment_fields, const options_writer&, packet::octets text, actions&);
    void acknowledge_now(actions& out) { emit(acceptable_sequence(), {}, flag::ack, out); }
    // What the peer takes of a segment without text: within its window, also when that shrank or a probe went beyond it.
    sequence acceptable_sequence() const { return earlier(d_.snd_max, d_.snd_una + d_.snd_wnd); }
    std::uint16_t promise_window(bool scaled);
    std::uint32_t edge_could_grow() const;
    std::uint32_t timestamp_now() const;
    unsigned blocks_to_tell() const;

    // timers.cpp
    void set_timer(ps& timer, ps at);
    void arm_retransmission() { set_timer(d_.retransmit_at, now_ + d_.further.rto); }
    void heard();
    void on_retransmission(actions&);
    void on_probe_time(actions&);
    void on_keep_alive(actions&);
    void wait_two_lifetimes();
    void look_at_path();
    void compute_mss();

    const runner* by_;
    std::shared_ptr<tcp::path> path_;
    std::uint32_t path_seen_ = 0;        // its generation
    transport_constant c_;
    transport_cached cached_;
    transport_delegated d_;
    octet_queue unsent_, received_;
    reassembly_queue out_of_order_;
};

}  // namespace nicteam::tcp
