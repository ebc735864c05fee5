// Timers that ran out: RFC 9293, 3.10.8 and 3.8; RFC 6298, 5; RFC 5681, 3.1. And a path that changed.
#include <algorithm>

#include "nicteam/tcp/connection.h"
#include "nicteam/tcp/scoreboard.h"

namespace nicteam::tcp {

using state_is = connection_state;
using namespace delegated_flag;

void connection::set_timer(ps& timer, ps at) {
    timer = at;
    count(step::timer_set);
}

ps connection::next_deadline() const {
    const auto& f = d_.further;
    return std::min({d_.retransmit_at, d_.keep_alive_at, f.delayed_ack_at, f.persist_at, f.last_wait_at});
}

void connection::on_timer(ps now, actions& out) {
    now_ = now;
    auto& f = d_.further;
    const auto due = [&](ps& timer) {
        if (timer > now) return false;
        timer = never;
        count(step::timer_fired);
        return true;
    };
    if (moved_or_closed()) return;
    look_at_path();
    if (due(f.last_wait_at)) return end(0, out);
    if (due(f.delayed_ack_at)) set(ack_now);
    if (due(d_.retransmit_at)) on_retransmission(out);
    if (!moved_or_closed() && due(f.persist_at)) on_probe_time(out);
    if (!moved_or_closed() && due(d_.keep_alive_at)) on_keep_alive(out);
    if (!moved_or_closed() && d_.state != state_is::syn_sent) transmit(out);
}

void connection::on_retransmission(actions& out) {
    auto& f = d_.further;
    const bool opening = d_.state < state_is::established;
    if (d_.retransmit_count >= (opening ? rules().syn_retries : rules().data_retries)) return end(event::timed_out, out);
    if (!opening && d_.snd_wnd == 0) {               // the peer closed its window over what was under way: probes from now on
        d_.snd_nxt = d_.snd_una;
        set(in_recovery | timing, false);
        return;
    }
    ++d_.retransmit_count;
    back_off(times(), rules().timeout);
    if (opening) {
        set(timed_out_once);
        return emit_syn(out);
    }
    by_->congestion->timed_out(window(), flight(), cached_.effective_mss, d_.retransmit_count > 1);
    count(step::congestion);
    set(in_recovery | partial_seen | timing, false);
    f.recover = d_.snd_max;
    f.limited_octets = 0;
    d_.dup_ack_count = 0;
    scoreboard::blocks().swap(f.scoreboard);         // RFC 2018, 8: the peer may have thrown away what it told of
    d_.snd_nxt = f.high_rxt = d_.snd_una;
    resend(d_.snd_una, cached_.effective_mss, out);
    d_.snd_nxt = f.high_rxt;
    arm_retransmission();
}

void connection::on_probe_time(actions& out) {
    auto& f = d_.further;
    const std::uint32_t available = static_cast<std::uint32_t>(unsent_.size());
    if (d_.snd_wnd) {                                // RFC 9293, 3.8.6.2.1: a small segment after all
        const std::uint32_t length = std::min({available, d_.snd_wnd, segment_room()});
        emit(d_.snd_una, unsent_.from(0, length), flag::ack | flag::psh, out);
        d_.snd_nxt = d_.snd_una + length;
        return arm_retransmission();
    }
    if (f.window_probes >= rules().data_retries) return end(event::timed_out, out);
    ++f.window_probes;
    const bool fin = !available && has(fin_wanted);
    if (fin) set(fin_sent);
    emit(d_.snd_una, unsent_.from(0, 1), static_cast<std::uint8_t>(flag::ack | (fin ? flag::fin : 0)), out);
    set(timing, false);
    if (f.probe_backoff < most_probe_doublings) ++f.probe_backoff;
    set_timer(f.persist_at, now_ + std::clamp(f.rto << f.probe_backoff, rules().least_probe, rules().most_probe));
}

// RFC 9293, 3.8.4
void connection::on_keep_alive(actions& out) {
    if (flight()) {                                  // retransmissions ask already
        d_.keep_alive_at = now_ + cached_.keep_alive_interval;
        return;
    }
    if (d_.keep_alive_probe_count >= cached_.keep_alive_probes) {
        emit(d_.snd_max, {}, flag::rst | flag::ack, out);
        return end(event::timed_out, out);
    }
    ++d_.keep_alive_probe_count;
    emit(d_.snd_nxt - 1, {}, flag::ack, out);
    set_timer(d_.keep_alive_at, now_ + cached_.keep_alive_delta);
}

// A segment that the peer sent: it lives.
void connection::heard() {
    d_.further.window_probes = 0;
    d_.keep_alive_probe_count = 0;
    const bool asks = cached_.flags & cached_flag::keep_alive && d_.state >= state_is::established && d_.state != state_is::time_wait;
    d_.keep_alive_at = asks ? now_ + cached_.keep_alive_interval : never;
}

void connection::wait_two_lifetimes() {
    d_.retransmit_at = d_.keep_alive_at = d_.further.persist_at = d_.further.delayed_ack_at = never;
    set_timer(d_.further.last_wait_at, now_ + 2 * rules().maximum_segment_lifetime);
}

void connection::on_path(ps now, actions& out) {
    now_ = now;
    if (d_.state > state_is::syn_sent) transmit(out);
}

void connection::look_at_path() {
    if (path_seen_ == path_->generation()) return;
    path_seen_ = path_->generation();
    count(step::path_read);
    compute_mss();
}

// RFC 9293, 3.7.1; RFC 6691: the least of what the peer takes and what the path carries, options that are always there taken off.
void connection::compute_mss() {
    const std::uint32_t headers = path_->ip_header() + header_octets, options = agreed(constant_flag::timestamps) ? 12 : 0;
    const std::uint32_t mtu = path_->cached().path_mtu;
    const std::uint32_t most = std::min<std::uint32_t>(c_.remote_mss, mtu > headers ? mtu - headers : 0);
    const auto mss = static_cast<std::uint16_t>(most > options + 8 ? most - options : 8);
    const bool shrank = mss < cached_.effective_mss;
    cached_.effective_mss = mss;
    d_.cwnd = std::max<std::uint32_t>(d_.cwnd, mss);
    if (!shrank || !flight() || !sends_data()) return;
    d_.snd_nxt = d_.snd_una;                         // RFC 1191, 6.4: what was too big is sent again at once, the window stays
    set(in_recovery | timing, false);
    d_.further.recover = d_.snd_max;
}

}  // namespace nicteam::tcp
