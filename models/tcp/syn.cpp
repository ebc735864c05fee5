// What a SYN agrees on, and a segment in SYN-SENT: RFC 9293, 3.10.7.3.
#include <algorithm>

#include "nicteam/tcp/connection.h"

namespace nicteam::tcp {
namespace {

constexpr std::uint16_t least_mss = 64;      // less would be more header than text: a peer that asks for it gets this

}  // namespace

// The least shift by which the receive queue fits the header's 16 bits.
std::uint8_t connection::scale_to_offer() const {
    std::uint8_t s = 0;
    while (s < most_window_scale && cached_.initial_receive_window >> s > 0xFFFF) ++s;
    return s;
}

// What both sides have: c_.flags were what we offer.
void connection::agree(const options_read& o) {
    if (!o.window_scale) c_.flags &= static_cast<std::uint8_t>(~constant_flag::window_scaling);
    if (!o.sack_permitted) c_.flags &= static_cast<std::uint8_t>(~constant_flag::sack);
    if (!o.timestamps) c_.flags &= static_cast<std::uint8_t>(~constant_flag::timestamps);
    if (o.maximum_segment_size) c_.remote_mss = std::max(*o.maximum_segment_size, least_mss);
    c_.send_scale = agreed(constant_flag::window_scaling) ? std::min(*o.window_scale, most_window_scale) : std::uint8_t{0};
    c_.receive_scale = agreed(constant_flag::window_scaling) ? scale_to_offer() : std::uint8_t{0};
    compute_mss();
}

fate connection::syn_sent(const segment_view& s, const options_read& o, actions& out) {
    const bool ack = s.has(flag::ack);
    const bool good = ack && after(s.acknowledgement, d_.further.iss) && at_or_before(s.acknowledgement, d_.snd_max);
    if (ack && !good) {
        if (s.has(flag::rst)) return fate::not_wanted;
        emit(s.acknowledgement, {}, flag::rst, out);
        return fate::wrong_acknowledgement;
    }
    if (s.has(flag::rst)) {
        if (!good) return fate::not_wanted;
        set(delegated_flag::remote_aborted);
        end(event::refused | event::was_reset, out);
        return fate::reset;
    }
    if (!s.has(flag::syn)) return fate::not_wanted;
    d_.further.irs = s.sequence;
    d_.rcv_nxt = d_.further.last_ack_sent = s.sequence + 1;
    d_.further.rcv_adv = d_.rcv_nxt + d_.rcv_wnd;               // as our SYN promised
    agree(o);
    note_timestamp(s, o);
    take_window(s);
    if (!ack) {                                     // both opened at once
        enter(connection_state::syn_received);
        emit_syn(out);
        return fate::taken;
    }
    new_acknowledgement(s.acknowledgement, o, out);
    established(s, out);
    set(delegated_flag::ack_now);
    return fate::taken;                             // text or FIN beside the SYN: the peer sends it again (decision 208)
}

}  // namespace nicteam::tcp
