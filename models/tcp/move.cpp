// A connection goes to another owner: its state in three parts, its buffers beside them (source document 002, ¶46-55, ¶105).
#include "nicteam/tcp/connection.h"
#include "tcp/state_octets.h"

namespace nicteam::tcp {

using state::part;

void connection::save(part p, bytes& out) const {
    if (p == part::constant) write_state(c_, out);
    else if (p == part::cached) write_state(cached_, out);
    else write_state(d_, now_, out);
}

bool connection::load(part p, const std::uint8_t* from, std::size_t n) {
    if (p == part::constant) {
        transport_constant c;
        return read_state(c, from, n) && c == c_;
    }
    if (p == part::cached) {
        transport_cached c;
        if (!read_state(c, from, n)) return false;
        set_cached(c);
        return true;
    }
    transport_delegated d;
    if (!read_state(d, now_, from, n)) return false;
    d_ = std::move(d);
    return true;
}

moved_connection connection::take_out(ps now) {
    now_ = now;
    moved_connection m;
    if (moved_or_closed()) return m;
    save(part::constant, m.constant);
    save(part::cached, m.cached);
    save(part::delegated, m.delegated);
    m.unsent = std::move(unsent_);
    m.received = std::move(received_);
    m.out_of_order = std::move(out_of_order_);
    count(step::octet_moved, m.constant.size() + m.cached.size() + m.delegated.size() + m.unsent.size() + m.received.size() + m.out_of_order.octets());
    unsent_ = received_ = {};
    out_of_order_.clear();
    d_ = {};
    d_.snd_max = d_.further.iss + 1;         // not to be opened again
    return m;
}

bool connection::put_in(ps now, moved_connection m) {
    if (!moved_or_closed() || d_.snd_max != d_.further.iss) return false;
    transport_constant c;
    transport_cached cached;
    transport_delegated d;
    if (!read_state(c, m.constant.data(), m.constant.size()) || !read_state(cached, m.cached.data(), m.cached.size()) ||
        !read_state(d, now, m.delegated.data(), m.delegated.size()))
        return false;
    const bool fin = d.flags & delegated_flag::fin_sent;
    const std::uint32_t outstanding = d.snd_max - d.snd_una, beside = (d.snd_una == d.further.iss ? 1 : 0) + (fin ? 1 : 0);
    if (c.local_port != c_.local_port || c.remote_port != c_.remote_port || d.state < connection_state::syn_sent) return false;
    if (outstanding > m.unsent.size() + beside) return false;                  // what may have to be sent again is not there
    now_ = now;
    c_ = c;
    cached_ = cached;
    d_ = std::move(d);
    unsent_ = std::move(m.unsent);
    received_ = std::move(m.received);
    out_of_order_ = std::move(m.out_of_order);
    path_seen_ = 0;
    count(step::octet_moved, m.constant.size() + m.cached.size() + m.delegated.size() + unsent_.size() + received_.size() + out_of_order_.octets());
    return true;
}

}  // namespace nicteam::tcp
