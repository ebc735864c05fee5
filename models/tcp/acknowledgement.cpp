// The ACK field, the send window, and what they say of losses: RFC 9293 3.10.7.4, RFC 5681, RFC 6582, RFC 6675, RFC 3042.
#include <algorithm>

#include "nicteam/tcp/connection.h"
#include "nicteam/tcp/scoreboard.h"

namespace nicteam::tcp {

using state_is = connection_state;
using namespace delegated_flag;

void connection::established(const segment_view& s, actions& out) {
    enter(state_is::established);
    take_window(s);
    // RFC 5681, 3.1: one segment when the SYN was lost.
    d_.cwnd = has(timed_out_once) ? cached_.effective_mss : by_->congestion->initial_window(cached_.effective_mss);
    if (has(timed_out_once)) d_.further.rto = std::max(d_.further.rto, 3 * second);         // RFC 6298, 5.7
    d_.further.recover = d_.snd_una - 1;
    d_.further.high_rxt = d_.snd_una;
    heard();
    out.events |= event::connected | event::writable;
    if (has(fin_wanted)) enter(state_is::fin_wait_1);
}

void connection::take_window(const segment_view& s) {
    d_.snd_wnd = s.has(flag::syn) ? s.window : std::uint32_t{s.window} << c_.send_scale;     // RFC 7323, 2.2: a SYN's is never scaled
    d_.snd_wl1 = s.sequence;
    if (s.has(flag::ack)) d_.snd_wl2 = s.acknowledgement;
    d_.max_win = std::max(d_.max_win, d_.snd_wnd);
}

void connection::acknowledge(const segment_view& s, const options_read& o, actions& out) {
    count(step::acknowledgement);
    const sequence ack = s.acknowledgement;
    const bool same_window = std::uint32_t{s.window} << c_.send_scale == d_.snd_wnd;
    bool news = false;
    if (agreed(constant_flag::sack) && at_or_after(ack, d_.snd_una)) {
        for (unsigned k = 0; k < o.sack_blocks; ++k) news |= scoreboard::note(d_.further.scoreboard, o.sack[k], later(ack, d_.snd_una), d_.snd_max);
        count(step::sack_block, o.sack_blocks);
    }
    if (after(ack, d_.snd_una)) {
        new_acknowledgement(ack, o, out);
    } else if (ack == d_.snd_una && flight() && d_.further.persist_at == never) {            // what answers a probe tells of no loss
        // RFC 5681, 2; RFC 6675, 2: with SACK it is what tells something new.
        const bool duplicate = agreed(constant_flag::sack) ? news : s.length() == 0 && same_window;
        if (duplicate) duplicate_acknowledgement(out);
    }
    if (at_or_after(ack, d_.snd_una) && (before(d_.snd_wl1, s.sequence) || (d_.snd_wl1 == s.sequence && at_or_before(d_.snd_wl2, ack)))) take_window(s);
    after_acknowledgement(out);
}

void connection::new_acknowledgement(sequence ack, const options_read& o, actions& out) {
    auto& f = d_.further;
    const std::uint32_t octets = ack - d_.snd_una, mss = cached_.effective_mss;
    const std::uint32_t text = octets - (d_.snd_una == f.iss ? 1 : 0);
    const bool was_full = unsent_.size() >= rules().send_capacity;

    if (has(timing) && after(ack, f.timed)) {
        take_sample(times(), now_ - f.timed_at, rules().timeout);
        set(timing, false);
        count(step::rtt_sample);
    } else if (!has(timing) && agreed(constant_flag::timestamps) && o.timestamps && o.timestamps->echo) {
        const auto ticks = static_cast<std::int32_t>(timestamp_now() - o.timestamps->echo);     // RFC 7323, 4: also of what was sent again
        if (ticks >= 0) {
            take_sample(times(), ticks * rules().timestamp_tick, rules().timeout);
            count(step::rtt_sample);
        }
    }
    bool restart = true;
    if (has(in_recovery)) {
        count(step::congestion);
        if (at_or_after(ack, f.recover)) {
            by_->congestion->recovered(window(), d_.snd_max - ack, mss, agreed(constant_flag::sack));
            set(in_recovery | partial_seen, false);
        } else if (!agreed(constant_flag::sack)) {
            by_->congestion->partly_acknowledged(window(), octets, mss);
            restart = !has(partial_seen);                      // RFC 6582, 3.2: the first one only
            set(partial_seen);
        }
    } else if (d_.state >= state_is::established) {
        by_->congestion->acknowledged(window(), octets, mss);
        count(step::congestion);
    }
    d_.snd_una = ack;
    d_.snd_nxt = later(d_.snd_nxt, ack);
    f.high_rxt = later(f.high_rxt, ack);
    scoreboard::forget_before(f.scoreboard, ack);
    unsent_.pop(text);
    d_.dup_ack_count = 0;
    f.limited_octets = 0;
    d_.retransmit_count = 0;
    if (has(urgent_out) && at_or_after(ack, f.snd_up)) set(urgent_out, false);
    if (d_.snd_una == d_.snd_max) set_timer(d_.retransmit_at, never);
    else if (restart) arm_retransmission();
    if (has(in_recovery) && !agreed(constant_flag::sack)) resend(ack, mss, out);      // a partial one: the next hole
    if (was_full && unsent_.size() < rules().send_capacity && !has(fin_wanted)) out.events |= event::writable;
    if (path_->next_hop()) path_->next_hop()->reached(now_, by_->is_nic);
}

void connection::duplicate_acknowledgement(actions& out) {
    if (d_.dup_ack_count < 255) ++d_.dup_ack_count;
    const bool sack = agreed(constant_flag::sack);
    if (has(in_recovery)) {
        if (!sack) by_->congestion->duplicate_in_recovery(window(), cached_.effective_mss);
        count(step::congestion);
        return;
    }
    // Behind a timeout or an earlier recovery: what was under way then answers still (RFC 6582, 3.2 step 1; RFC 6675, 5).
    if (sack ? before(d_.snd_una, d_.further.recover) : at_or_before(d_.snd_una, d_.further.recover)) return;
    const bool told = sack && scoreboard::is_lost(d_.further.scoreboard, d_.snd_una, cached_.effective_mss);
    if (told || d_.dup_ack_count >= scoreboard::duplicates_of_a_loss) enter_recovery(out);
}

void connection::enter_recovery(actions& out) {
    auto& f = d_.further;
    const std::uint32_t outstanding = flight() - std::min(f.limited_octets, flight());
    by_->congestion->loss_seen(window(), outstanding, cached_.effective_mss, agreed(constant_flag::sack));
    count(step::congestion);
    set(in_recovery);
    set(partial_seen, false);
    f.recover = d_.snd_max;
    f.high_rxt = d_.snd_una;
    f.limited_octets = 0;
    resend(d_.snd_una, cached_.effective_mss, out);
    arm_retransmission();
}

// What the acknowledgement of our FIN leads to.
void connection::after_acknowledgement(actions& out) {
    if (!has(fin_sent) || d_.snd_una != d_.snd_max) return;
    if (d_.state == state_is::fin_wait_1) {
        enter(state_is::fin_wait_2);
        if (has(nobody_reads)) set_timer(d_.further.last_wait_at, now_ + rules().fin_wait_2);
    } else if (d_.state == state_is::closing) {
        enter(state_is::time_wait);
        wait_two_lifetimes();
    } else if (d_.state == state_is::last_ack) {
        end(0, out);
    }
}

}  // namespace nicteam::tcp
