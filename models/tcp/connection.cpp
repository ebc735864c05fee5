#include "nicteam/tcp/connection.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/tcp/scoreboard.h"

namespace nicteam::tcp {

using state_is = connection_state;

namespace {

std::uint8_t offered(const tcp_rules& r) {
    return static_cast<std::uint8_t>((r.window_scaling ? constant_flag::window_scaling : 0) | (r.sack ? constant_flag::sack : 0) |
                                     (r.timestamps ? constant_flag::timestamps : 0));
}

}  // namespace

connection::connection(const runner& by, std::shared_ptr<tcp::path> over, std::uint16_t local_port, std::uint16_t remote_port, sequence iss,
                       std::uint32_t timestamp_offset)
    : by_(&by), path_(std::move(over)), cached_(by.rules.cached) {
    if (!path_) throw std::invalid_argument("a connection without a path");
    c_.local_port = local_port;
    c_.remote_port = remote_port;
    c_.remote_mss = path_->constant().source.version == 4 ? 536 : 1220;      // RFC 9293, 3.7.1
    auto& f = d_.further;
    f.iss = d_.snd_una = d_.snd_nxt = d_.snd_max = f.recover = f.high_rxt = iss;
    f.timestamp_offset = timestamp_offset;
    f.rto = by.rules.timeout.initial;
    d_.ssthresh = most_window;                                               // RFC 5681, 3.1: arbitrarily high
}

void connection::open(ps now, actions& out) {
    now_ = now;
    if (d_.state != state_is::closed || d_.snd_max != d_.further.iss) return;
    count(step::connection_made);
    look_at_path();
    // Until the peer has answered, what we offer; then what both have.
    c_.flags = offered(rules());
    enter(state_is::syn_sent);
    emit_syn(out);
}

void connection::open(ps now, const segment_view& syn, actions& out) {
    now_ = now;
    if (d_.state != state_is::closed || d_.snd_max != d_.further.iss) return;
    count(step::connection_made);
    set(delegated_flag::passive);
    const auto o = options_read::parse(syn.options);
    count(step::option_read, o.read);
    c_.flags = offered(rules());
    d_.further.irs = syn.sequence;
    d_.rcv_nxt = d_.further.rcv_adv = d_.further.last_ack_sent = syn.sequence + 1;
    agree(o);
    note_timestamp(syn, o);
    take_window(syn);
    enter(state_is::syn_received);
    emit_syn(out);
}

std::size_t connection::room_to_send() const {
    const bool open = (d_.state >= state_is::syn_sent && d_.state <= state_is::established) || d_.state == state_is::close_wait;
    if (!open || has(delegated_flag::fin_wanted) || rules().send_capacity <= unsent_.size()) return 0;
    return rules().send_capacity - unsent_.size();
}

std::size_t connection::send(ps now, packet::octets text, actions& out) {
    now_ = now;
    text = text.first(room_to_send());
    if (!text.size) return 0;
    unsent_.push(text);
    transmit(out);
    return text.size;
}

void connection::go_on(ps now, actions& out) {
    now_ = now;
    transmit(out);
}

std::size_t connection::send_urgent(ps now, packet::octets text, actions& out) {
    const std::size_t n = std::min(text.size, room_to_send());
    if (!n) return 0;
    d_.further.snd_up = text_end() + static_cast<sequence>(n);      // behind the last urgent octet (RFC 9293, 3.8.5)
    set(delegated_flag::urgent_out);
    count(step::urgent);
    return send(now, text, out);
}

void connection::consume(ps now, std::size_t octets, actions& out) {
    now_ = now;
    received_.pop(octets);
    if (has(delegated_flag::urgent_in) && !urgent_octets()) set(delegated_flag::urgent_in, false);
    if (moved_or_closed() || has(delegated_flag::fin_taken)) return;
    // RFC 9293, 3.8.6.2.2: tell the peer when it is worth a segment.
    const std::uint32_t promised = after(d_.further.rcv_adv, d_.rcv_nxt) ? d_.further.rcv_adv - d_.rcv_nxt : 0;
    const std::uint32_t worth = std::min(cached_.initial_receive_window / 2, (promised ? 2u : 1u) * cached_.effective_mss);
    if (d_.state < state_is::established || edge_could_grow() < std::max(worth, 1u)) return;
    set(delegated_flag::ack_now);
    transmit(out);
}

std::uint32_t connection::urgent_octets() const {
    if (!has(delegated_flag::urgent_in)) return 0;
    const sequence first = d_.rcv_nxt - (has(delegated_flag::fin_taken) ? 1 : 0) - static_cast<sequence>(received_.size());
    return after(d_.further.rcv_up, first) ? d_.further.rcv_up - first : 0;
}

void connection::close(ps now, actions& out) {
    now_ = now;
    if (has(delegated_flag::fin_wanted)) return;
    switch (d_.state) {
    case state_is::syn_sent: return end(0, out);
    case state_is::syn_received:
        set(delegated_flag::fin_wanted);            // sent when established (decision 208)
        return;
    case state_is::established: enter(state_is::fin_wait_1); break;
    case state_is::close_wait: enter(state_is::last_ack); break;
    default: return;
    }
    set(delegated_flag::fin_wanted);
    transmit(out);
}

void connection::abandon(ps now, actions& out) {
    if (!received_.empty()) return abort(now, out);         // RFC 9293, 3.6.1: data is lost, and the peer is told
    set(delegated_flag::nobody_reads);
    close(now, out);
    if (d_.state == state_is::fin_wait_2) set_timer(d_.further.last_wait_at, now + rules().fin_wait_2);
}

void connection::abort(ps now, actions& out) {
    now_ = now;
    if (d_.state >= state_is::syn_received && d_.state != state_is::time_wait) {
        const bool needs_ack = d_.state != state_is::closing && d_.state != state_is::last_ack;
        if (needs_ack) emit(d_.snd_max, {}, flag::rst | flag::ack, out);
    }
    if (!moved_or_closed()) end(0, out);
}

void connection::set_cached(const transport_cached& c) {
    const bool keeps = c.flags & cached_flag::keep_alive;
    const std::uint16_t mss = cached_.effective_mss;
    cached_ = c;
    cached_.effective_mss = mss;                    // of the path
    if (!keeps || d_.state < state_is::established) d_.keep_alive_at = never;
    else if (d_.keep_alive_at == never) d_.keep_alive_at = now_ + cached_.keep_alive_interval;
}

bool connection::may_follow(const segment_view& syn) const {
    if (d_.state != state_is::time_wait || !syn.has(flag::syn) || syn.has(flag::rst) || syn.has(flag::ack)) return false;
    const auto o = options_read::parse(syn.options);
    if (agreed(constant_flag::timestamps) && has(delegated_flag::recent_known) && o.timestamps)
        return before(d_.ts_recent, o.timestamps->value) || (d_.ts_recent == o.timestamps->value && after(syn.sequence, d_.rcv_nxt));
    return after(syn.sequence, d_.rcv_nxt);
}

bool connection::peer_closed() const {
    switch (d_.state) {
        case connection_state::close_wait: case connection_state::closing: case connection_state::last_ack: case connection_state::time_wait:
        case connection_state::closed: return true;
        default: return false;
    }
}

std::size_t connection::memory() const {
    return sizeof *this + unsent_.memory() + received_.memory() + out_of_order_.memory() + d_.further.scoreboard.capacity() * sizeof(sack_block);
}

void connection::enter(connection_state s) {
    if (d_.state == s) return;
    d_.state = s;
    count(step::state_change);
}

void connection::end(std::uint32_t why, actions& out) {
    enter(state_is::closed);
    d_.retransmit_at = d_.keep_alive_at = d_.further.delayed_ack_at = d_.further.persist_at = d_.further.last_wait_at = never;
    unsent_.pop(unsent_.size());
    out_of_order_.clear();
    scoreboard::blocks().swap(d_.further.scoreboard);
    out.events |= event::closed | why;
}

const char* to_text(connection_state s) {
    static const char* const names[] = {"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED",
                                        "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"};
    return names[static_cast<std::size_t>(s)];
}

const char* to_text(fate f) {
    static const char* const names[] = {"taken", "bad_length", "bad_checksum", "no_connection", "outside_window", "old_timestamp", "no_timestamp", "challenged",
                                        "no_acknowledgement", "wrong_acknowledgement", "repeated_syn", "reset", "back_to_listen", "not_wanted"};
    return names[static_cast<std::size_t>(f)];
}

}  // namespace nicteam::tcp
