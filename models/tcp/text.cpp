// Urgent pointer, text and FIN: RFC 9293 3.10.7.4, sixth to eighth; delayed ACK 3.8.6.3.
#include <algorithm>

#include "nicteam/tcp/connection.h"

namespace nicteam::tcp {

using state_is = connection_state;
using namespace delegated_flag;

namespace {

bool takes_text(connection_state s) { return s == state_is::established || s == state_is::fin_wait_1 || s == state_is::fin_wait_2; }

}  // namespace

void connection::take_urgent(const segment_view& s, actions& out) {
    if (!s.has(flag::urg) || !takes_text(d_.state)) return;
    const sequence up = s.sequence + s.urgent;
    if (!after(up, d_.rcv_nxt) || (has(urgent_in) && !after(up, d_.further.rcv_up))) return;
    d_.further.rcv_up = up;
    set(urgent_in);
    count(step::urgent);
    out.events |= event::urgent;
}

void connection::take_text(const segment_view& s, actions& out) {
    if (!s.text.size || !takes_text(d_.state)) return;
    auto& f = d_.further;
    const sequence begin = later(s.sequence, d_.rcv_nxt);
    sequence end = earlier(s.sequence + static_cast<sequence>(s.text.size), f.rcv_adv);
    if (has(fin_known)) end = earlier(end, f.fin_at);
    if (!before(begin, end)) return;
    if (has(nobody_reads)) {                                    // RFC 9293, 3.6.1
        abort(now_, out);
        return;
    }
    const packet::octets text = s.text.from(begin - s.sequence).first(end - begin);
    if (begin != d_.rcv_nxt) {
        count(step::out_of_order);
        out_of_order_.put(begin, text, d_.rcv_nxt);
        acknowledge_now(out);                                   // RFC 5681, 4.2: at once, and by itself, so that it counts as a duplicate
        return;
    }
    const bool hole = !out_of_order_.empty();
    received_.push(text);
    d_.rcv_nxt = end;
    if (hole) {
        const bytes more = out_of_order_.take(end);
        received_.push(more);
        d_.rcv_nxt += static_cast<sequence>(more.size());
    }
    count(step::octet_taken, d_.rcv_nxt - begin);
    out.events |= event::readable;
    ++f.segments_unacknowledged;
    if (hole || f.segments_unacknowledged >= 2 || !rules().delayed_acknowledgements) set(ack_now);
    else if (f.delayed_ack_at == never) set_timer(f.delayed_ack_at, now_ + rules().delayed_acknowledgement);
}

void connection::take_fin(const segment_view& s, actions& out) {
    auto& f = d_.further;
    if (s.has(flag::fin) && !has(fin_known)) {
        const sequence at = s.sequence + static_cast<sequence>(s.text.size);
        if (at_or_after(at, d_.rcv_nxt) && before(at, f.rcv_adv)) {
            f.fin_at = at;
            set(fin_known);
        }
    }
    if (!has(fin_known)) return;
    if (!has(fin_taken) && d_.rcv_nxt == f.fin_at) fin_in_order(out);
    else if (s.has(flag::fin) && d_.state != state_is::time_wait) set(ack_now);
}

void connection::fin_in_order(actions& out) {
    ++d_.rcv_nxt;
    set(fin_taken | ack_now);
    out_of_order_.clear();
    out.events |= event::peer_closed;
    if (d_.state == state_is::established) {
        enter(state_is::close_wait);
    } else if (d_.state == state_is::fin_wait_1) {
        enter(state_is::closing);                               // our FIN is not acknowledged: else it were FIN-WAIT-2 already
    } else if (d_.state == state_is::fin_wait_2) {
        enter(state_is::time_wait);
        wait_two_lifetimes();
    }
}

}  // namespace nicteam::tcp
