// What may be sent: windows of peer and network, Nagle, silly windows (RFC 9293, 3.7.4 and 3.8.6.2.1), lost segments.
#include <algorithm>

#include "nicteam/tcp/connection.h"
#include "nicteam/tcp/scoreboard.h"

namespace nicteam::tcp {

using state_is = connection_state;
using namespace delegated_flag;

bool connection::sends_data() const {
    return d_.state == state_is::established || d_.state == state_is::close_wait || d_.state == state_is::fin_wait_1 || d_.state == state_is::closing ||
           d_.state == state_is::last_ack;
}

// Behind the last octet of the send queue: where a FIN stands.
sequence connection::text_end() const {
    return d_.snd_una + (d_.snd_una == d_.further.iss ? 1 : 0) + static_cast<sequence>(unsent_.size());
}

// Octets of text in a full segment as it would leave now: SACK blocks take their part (RFC 6691).
std::uint32_t connection::segment_room() const {
    const unsigned blocks = blocks_to_tell();
    const std::uint32_t taken = blocks ? 4 + 8 * blocks : 0;
    return cached_.effective_mss > taken + 8 ? cached_.effective_mss - taken : 8;
}

void connection::transmit(actions& out) {
    look_at_path();
    if (sends_data()) {
        bool sent = false;
        if (!flight() && now_ - d_.further.last_sent_at > d_.further.rto) by_->congestion->idle(window(), cached_.effective_mss);
        if (has(in_recovery) && agreed(constant_flag::sack)) {
            while (send_lost(out)) sent = true;
        } else {
            while (send_new(out)) sent = true;
        }
        watch_window(sent, out);
    }
    if (has(ack_now)) acknowledge_now(out);
}

// RFC 6675, 5: as long as the pipe has room for a segment, first what is lost, then what is new.
bool connection::send_lost(actions& out) {
    auto& f = d_.further;
    const std::uint32_t mss = cached_.effective_mss;
    if (d_.cwnd < scoreboard::pipe(f.scoreboard, d_.snd_una, d_.snd_max, f.high_rxt, mss) + mss) return false;
    const auto hole = scoreboard::next_lost(f.scoreboard, d_.snd_una, f.high_rxt, mss);
    if (!hole) return send_new(out);
    resend(hole->begin, hole->end - hole->begin, out);
    return true;
}

// New data, or after a timeout what was sent before, from SND.NXT on.
bool connection::send_new(actions& out) {
    auto& f = d_.further;
    const bool pipe_limits = has(in_recovery) && agreed(constant_flag::sack);
    if (before(d_.snd_nxt, d_.snd_max)) d_.snd_nxt = scoreboard::skip(f.scoreboard, d_.snd_nxt);
    const sequence at = d_.snd_nxt, end = text_end(), edge = d_.snd_una + d_.snd_wnd;
    if (after(at, end) || (at == end && !has(fin_wanted))) return false;
    const std::uint32_t available = end - at, usable = after(edge, at) ? edge - at : 0;
    const std::uint32_t under_way = pipe_limits ? scoreboard::pipe(f.scoreboard, d_.snd_una, d_.snd_max, f.high_rxt, cached_.effective_mss)
                                                : at - d_.snd_una - scoreboard::octets_before(f.scoreboard, at);
    // RFC 3042: one segment more for each of the first two duplicates. What SACK tells of is no longer under way, which comes to the same.
    const bool counts_duplicates = !has(in_recovery) && !agreed(constant_flag::sack);
    const std::uint32_t allowed = d_.cwnd + (counts_duplicates ? std::min<std::uint32_t>(d_.dup_ack_count, 2) * cached_.effective_mss : 0);
    std::uint32_t length = std::min({available, usable, allowed > under_way ? allowed - under_way : 0, segment_room()});
    length = std::min(length, scoreboard::next_block(f.scoreboard, at, at + length) - at);
    const bool fin = has(fin_wanted) && length == available && usable > length;
    if (!length && !fin) return false;
    const sequence next = at + length + (fin ? 1 : 0);
    const bool again = at_or_before(next, d_.snd_max);
    if (!again && !may_be_small(length, available, fin)) return false;
    const auto flags = static_cast<std::uint8_t>(flag::ack | (length && length == available ? flag::psh : 0) | (fin ? flag::fin : 0));
    emit(at, unsent_.from(at - d_.snd_una, length), flags, out);
    if (fin) set(fin_sent);
    if (!again && !has(in_recovery) && next - d_.snd_una > d_.cwnd) f.limited_octets += length;
    d_.snd_nxt = next;
    if (d_.retransmit_at == never) arm_retransmission();
    return true;
}

// RFC 9293, 3.8.6.2.1 and 3.7.4: a segment that is not full.
bool connection::may_be_small(std::uint32_t length, std::uint32_t available, bool fin) const {
    if (length >= segment_room() || fin) return true;
    const bool waits_for_none = d_.snd_nxt == d_.snd_una || !(cached_.flags & cached_flag::nagle);
    if (length == available && (waits_for_none || has(urgent_out))) return true;
    return waits_for_none && length && length >= d_.max_win / 2;
}

// What was sent before, at most a segment of it.
void connection::resend(sequence at, std::uint32_t most, actions& out) {
    auto& f = d_.further;
    const sequence end = text_end();
    std::uint32_t length = std::min({before(at, end) ? end - at : 0, most, segment_room()});
    length = std::min(length, scoreboard::next_block(f.scoreboard, at, at + length) - at);
    const bool fin = has(fin_sent) && at + length == end;
    if (!length && !fin) return;
    const auto flags = static_cast<std::uint8_t>(flag::ack | (length && at + length == end ? flag::psh : 0) | (fin ? flag::fin : 0));
    emit(at, unsent_.from(at - d_.snd_una, length), flags, out);
    f.high_rxt = later(f.high_rxt, at + length + (fin ? 1 : 0));
    if (d_.retransmit_at == never) arm_retransmission();
}

// Nothing is under way and the peer's window lets nothing out: only a probe will tell that it opened (RFC 9293, 3.8.6.1).
void connection::watch_window(bool sent, actions&) {
    auto& f = d_.further;
    const bool pending = before(d_.snd_nxt, text_end()) || (has(fin_wanted) && d_.snd_nxt == text_end());
    if (!pending || sent || d_.snd_nxt != d_.snd_una || d_.retransmit_at != never) {
        if (f.persist_at != never) set_timer(f.persist_at, never);
        f.probe_backoff = 0;
        return;
    }
    if (f.persist_at != never) return;
    set_timer(f.persist_at, now_ + (d_.snd_wnd ? rules().override_time : std::clamp(f.rto, rules().least_probe, rules().most_probe)));
}

}  // namespace nicteam::tcp
