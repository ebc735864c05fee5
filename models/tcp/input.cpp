// A segment arrives: RFC 9293, 3.10.7, with RFC 5961 and RFC 7323.
#include <algorithm>

#include "nicteam/tcp/connection.h"

namespace nicteam::tcp {
namespace {

constexpr ps timestamps_outdated = 24LL * 24 * 3600 * second;     // RFC 7323, 5.5

}  // namespace

fate connection::on_segment(ps now, const segment_view& s, actions& out) {
    now_ = now;
    count(step::segment_in);
    if (s.verdict == packet::transport_verdict::bad_checksum) return fate::bad_checksum;
    if (s.verdict != packet::transport_verdict::good) return fate::bad_length;
    if (moved_or_closed()) return fate::no_connection;
    const auto o = options_read::parse(s.options);
    count(step::option_read, o.read);
    look_at_path();
    const fate f = d_.state == connection_state::syn_sent ? syn_sent(s, o, out) : synchronized(s, o, out);
    if (!moved_or_closed()) transmit(out);
    return f;
}

fate connection::synchronized(segment_view s, const options_read& o, actions& out) {
    count(step::acceptance);
    if (d_.state == connection_state::syn_received && s.has(flag::syn) && !s.has(flag::rst) && s.sequence == d_.further.irs) {
        if (!s.has(flag::ack)) {
            emit_syn(out);
            return fate::repeated_syn;
        }
        s.flags &= static_cast<std::uint8_t>(~flag::syn);       // both opened at once (RFC 9293, figure 8): what is new in it is its ACK
        ++s.sequence;
    }
    const bool reset = s.has(flag::rst);
    if (agreed(constant_flag::timestamps) && !reset) {
        if (!o.timestamps) return fate::no_timestamp;
        const bool old = has(delegated_flag::recent_known) && before(o.timestamps->value, d_.ts_recent);
        if (old && now_ - d_.ts_recent_at <= timestamps_outdated) {
            challenge(out);
            return fate::old_timestamp;
        }
    }
    if (!acceptable(s)) {
        if (reset) return fate::outside_window;
        const bool their_fin_again = s.has(flag::fin) && has(delegated_flag::fin_taken) && s.end() == d_.rcv_nxt;
        if (d_.state == connection_state::time_wait && their_fin_again) wait_two_lifetimes();
        const bool at_closed_window = s.sequence == d_.rcv_nxt && d_.further.rcv_adv == d_.rcv_nxt;
        if (!at_closed_window || s.has(flag::syn) || !s.has(flag::ack)) {
            if (s.length()) set(delegated_flag::ack_now);
            else challenge(out);                                // without text: could be half of an endless exchange
            return fate::outside_window;
        }
        set(delegated_flag::ack_now);                           // RFC 9293, 3.10.7.4: a closed window lets ACK and URG in
        s.text = {};
        s.flags &= static_cast<std::uint8_t>(~flag::fin);
    }
    note_timestamp(s, o);
    if (reset) {
        if (s.sequence == d_.rcv_nxt) return on_reset(out);
        challenge(out);
        return fate::challenged;
    }
    if (s.has(flag::syn)) {
        if (d_.state == connection_state::syn_received && has(delegated_flag::passive)) {
            end(0, out);
            return fate::back_to_listen;
        }
        challenge(out);
        return fate::challenged;
    }
    if (!s.has(flag::ack)) return fate::no_acknowledgement;
    if (d_.state == connection_state::syn_received) {
        if (!after(s.acknowledgement, d_.snd_una) || after(s.acknowledgement, d_.snd_max)) {
            emit(s.acknowledgement, {}, flag::rst, out);
            return fate::wrong_acknowledgement;
        }
        new_acknowledgement(s.acknowledgement, o, out);
        established(s, out);
    } else {
        const bool too_old = before(s.acknowledgement, d_.snd_una - d_.max_win);
        if (too_old || after(s.acknowledgement, d_.snd_max)) {
            challenge(out);
            return fate::challenged;
        }
    }
    heard();
    acknowledge(s, o, out);
    if (moved_or_closed()) return fate::taken;
    take_urgent(s, out);
    take_text(s, out);
    if (!moved_or_closed()) take_fin(s, out);
    return fate::taken;
}

// RFC 9293, 3.4: the four cases. Octets before RCV.NXT make a segment no less acceptable as long as some lie in the window.
bool connection::acceptable(const segment_view& s) const {
    const std::uint32_t length = s.length();
    const sequence edge = d_.further.rcv_adv;
    if (edge == d_.rcv_nxt) return length == 0 && s.sequence == d_.rcv_nxt;
    const auto inside = [&](sequence x) { return at_or_after(x, d_.rcv_nxt) && before(x, edge); };
    if (length == 0) return inside(s.sequence);
    if (inside(s.sequence) || inside(s.end() - 1)) return true;
    return at_or_before(s.sequence, d_.rcv_nxt) && at_or_after(s.end(), edge);       // longer than the window on both sides
}

// RFC 5961, 7
bool connection::challenge(actions& out) {
    auto& f = d_.further;
    if (!f.challenges || now_ - f.challenges_since >= rules().challenges_per) {
        f.challenges_since = now_;
        f.challenges = 0;
    }
    if (f.challenges >= rules().challenges) return false;
    ++f.challenges;
    acknowledge_now(out);
    return true;
}

// RFC 7323, 4.3 and 5.3: R3
void connection::note_timestamp(const segment_view& s, const options_read& o) {
    if (!agreed(constant_flag::timestamps) || !o.timestamps || s.has(flag::rst)) return;
    if (after(s.sequence, d_.further.last_ack_sent)) return;
    d_.ts_recent = o.timestamps->value;
    d_.ts_recent_at = now_;
    set(delegated_flag::recent_known);
}

fate connection::on_reset(actions& out) {
    set(delegated_flag::remote_aborted);
    const bool opening = d_.state == connection_state::syn_received;
    const bool to_listen = opening && has(delegated_flag::passive);
    const bool user_cares = d_.state < connection_state::closing;
    received_.pop(received_.size());                            // RFC 9293, 3.10.7.4: all segment queues are flushed
    end(to_listen || !user_cares ? 0 : opening ? event::refused | event::was_reset : event::was_reset, out);
    return to_listen ? fate::back_to_listen : fate::reset;
}

}  // namespace nicteam::tcp
