// Segments as they leave: header fields, options, and the window that they promise (RFC 9293, 3.8.6.2.2).
#include <algorithm>

#include "nicteam/tcp/connection.h"

namespace nicteam::tcp {

using namespace delegated_flag;

std::uint32_t connection::timestamp_now() const {
    return static_cast<std::uint32_t>(now_ / rules().timestamp_tick) + d_.further.timestamp_offset;
}

unsigned connection::blocks_to_tell() const {
    if (!agreed(constant_flag::sack) || out_of_order_.empty()) return 0;
    return static_cast<unsigned>(std::min<std::size_t>(out_of_order_.pieces().size(), agreed(constant_flag::timestamps) ? 3 : 4));
}

// Octets by which the right edge could move on now.
std::uint32_t connection::edge_could_grow() const {
    const std::uint32_t capacity = cached_.initial_receive_window;
    const std::uint32_t used = static_cast<std::uint32_t>(std::min<std::size_t>(received_.size(), capacity));
    const std::uint32_t widest = 0xFFFFu << c_.receive_scale;
    const sequence edge = d_.rcv_nxt + std::min(capacity - used, widest);
    return after(edge, d_.further.rcv_adv) ? edge - d_.further.rcv_adv : 0;
}

// The field of the header. The right edge never moves back, and forward only by what is worth it.
std::uint16_t connection::promise_window(bool scaled) {
    auto& f = d_.further;
    const std::uint8_t shift = scaled ? c_.receive_scale : std::uint8_t{0};
    const std::uint32_t grow = edge_could_grow();
    const std::uint32_t promised = after(f.rcv_adv, d_.rcv_nxt) ? f.rcv_adv - d_.rcv_nxt : 0;
    std::uint32_t field = (promised + (1u << shift) - 1) >> shift;      // rounded up: less would take the edge back
    if (grow && grow >= std::min<std::uint32_t>(cached_.initial_receive_window / 2, cached_.effective_mss)) field = std::max(field, (promised + grow) >> shift);
    field = std::min(field, 0xFFFFu);
    f.rcv_adv = later(f.rcv_adv, d_.rcv_nxt + (field << shift));
    d_.rcv_wnd = field << shift;
    return static_cast<std::uint16_t>(field);
}

void connection::put_out(segment_fields h, const options_writer& o, packet::octets text, actions& out) {
    const auto& addresses = path_->constant();
    h.source_port = c_.local_port;
    h.destination_port = c_.remote_port;
    out.segments.push_back(build_segment(h, o.octets(), text, addresses.source, addresses.destination, by_->checksum));
    count(step::segment_out);
    count(step::option_written, o.written());
    count(step::octet_sent, text.size);
    if (by_->checksum) count(step::checksum_octet, out.segments.back().size());
}

void connection::emit(sequence at, packet::octets text, std::uint8_t flags, actions& out) {
    auto& f = d_.further;
    const bool reset = flags & flag::rst;
    options_writer o;
    if (agreed(constant_flag::timestamps) && (!reset || (flags & flag::ack)))
        o.timestamps({timestamp_now(), flags & flag::ack && has(recent_known) ? d_.ts_recent : 0});
    if (!reset) {
        sack_block blocks[most_sack_blocks];
        o.sack(blocks, out_of_order_.blocks(blocks, blocks_to_tell()));
    }
    segment_fields h;
    h.sequence = at;
    h.flags = flags;
    if (has(urgent_out) && !reset && after(f.snd_up, at)) {
        h.flags |= flag::urg;
        h.urgent = static_cast<std::uint16_t>(std::min<sequence>(f.snd_up - at, 0xFFFF));
    }
    if (flags & flag::ack) {
        h.acknowledgement = d_.rcv_nxt;
        if (!reset) {
            h.window = promise_window(true);
            f.last_ack_sent = d_.rcv_nxt;
            f.segments_unacknowledged = 0;
            set(ack_now, false);
            if (f.delayed_ack_at != never) set_timer(f.delayed_ack_at, never);
        }
    }
    put_out(h, o, text, out);

    const sequence end = at + static_cast<sequence>(text.size) + (flags & flag::fin ? 1 : 0);
    if (end == at) return;
    f.last_sent_at = now_;
    if (before(at, d_.snd_max)) {
        count(step::retransmission);
        set(timing, false);                                     // Karn: which of the two is acknowledged would not be known
    } else if (!has(timing)) {
        set(timing);
        f.timed = at;
        f.timed_at = now_;
    }
    d_.snd_max = later(d_.snd_max, end);
}

void connection::emit_syn(actions& out) {
    auto& f = d_.further;
    const bool answer = d_.state == connection_state::syn_received;
    options_writer o;
    const std::uint32_t mtu = path_->cached().path_mtu, headers = path_->ip_header() + header_octets;
    o.maximum_segment_size(static_cast<std::uint16_t>(std::min<std::uint32_t>(mtu > headers ? mtu - headers : 0, 0xFFFF)));
    if (agreed(constant_flag::sack)) o.sack_permitted();
    if (agreed(constant_flag::timestamps)) o.timestamps({timestamp_now(), answer && has(recent_known) ? d_.ts_recent : 0});
    if (agreed(constant_flag::window_scaling)) o.window_scale(scale_to_offer());
    segment_fields h;
    h.sequence = f.iss;
    h.flags = flag::syn;
    if (answer) {
        h.flags |= flag::ack;
        h.acknowledgement = d_.rcv_nxt;
        h.window = promise_window(false);
    } else {
        h.window = static_cast<std::uint16_t>(std::min<std::uint32_t>(cached_.initial_receive_window, 0xFFFF));
        d_.rcv_wnd = h.window;
    }
    put_out(h, o, {}, out);
    if (d_.snd_max == f.iss) {
        set(timing);
        f.timed = f.iss;
        f.timed_at = now_;
        d_.snd_max = d_.snd_nxt = f.iss + 1;
    } else {
        set(timing, false);
        count(step::retransmission);
    }
    arm_retransmission();
}

}  // namespace nicteam::tcp
