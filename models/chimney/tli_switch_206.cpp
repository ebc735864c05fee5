#include "nicteam/chimney/tli_switch_206.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace nicteam::chimney {

tli_switch_206::tli_switch_206(transport_layer_210& t, tcp::connection_table& table, tcp::results& out, minidriver_210& m, act_observer& w, switch_user& u)
    : below_(t), table_(table), out_(out), driver_(m), observer_(w), user_(u) {
    below_.completed = [this](ps now, journey_ref j) { done(now, std::move(j)); };
    below_.returned = [this](ps now, std::uint64_t name, state::handle) { came_back(now, name); };
    below_.left = [this](ps now, std::uint64_t name, const tcp::moved_connection& m) { left(now, name, m); };
    below_.stayed = [this](ps now, std::uint64_t name) { hand_over(now, name); };
    below_.happened = [this](ps now, std::uint64_t name, const happening& h) { told(now, name, h); };
    below_.asked = [this](ps now, std::uint64_t name, reason why) {
        if (const auto it = entries_.find(name); it != entries_.end() && it->second.forced) user_.logged(now, name, why);
        upload(now, {name});                     // the host grants it (¶101)
    };
}

std::uint64_t tli_switch_206::add(state::handle in_host) {
    if (!below_.add(next_, in_host)) return 0;
    entries_.emplace(next_, entry{});
    return next_++;
}

void tli_switch_206::offload(ps now, const std::vector<std::uint64_t>& names, bool whole, bool forced) {
    auto j = std::make_unique<journey>();
    j->whole = whole;
    for (const std::uint64_t name : names) {
        traveller t;
        t.name = name;
        const auto it = entries_.find(name);
        if (it == entries_.end()) continue;
        it->second.forced = forced;
        it->second.wanted_back = false;
        j->travellers.push_back(t);
    }
    if (!j->travellers.empty()) below_.request(now, std::move(j));
}

void tli_switch_206::upload(ps now, const std::vector<std::uint64_t>& names) {
    for (const std::uint64_t name : names)
        if (const auto it = entries_.find(name); it != entries_.end()) it->second.wanted_back = below_.where(name) == place::going_down;
    below_.terminate(now, names);
}

void tli_switch_206::send(ps now, std::uint64_t name, packet::octets o) {
    do_it(now, name, {held::kind::send, bytes(o.data, o.data + o.size), 0});
}
void tli_switch_206::consume(ps now, std::uint64_t name, std::size_t n) {
    const auto it = entries_.find(name);
    if (it == entries_.end()) return;
    if (!it->second.away) {                      // also while its request is under way: nothing of it waits behind what is sent
        table_.use(below_.table_handle(name), out_, [&](tcp::connection& c, tcp::actions& a) { c.consume(now, n, a); });
        return;
    }
    n = std::min(n, it->second.received.size());
    it->second.received.pop(n);
    do_it(now, name, {held::kind::consume, {}, n});
}
void tli_switch_206::close(ps now, std::uint64_t name) { do_it(now, name, {held::kind::close, {}, 0}); }
void tli_switch_206::abort(ps now, std::uint64_t name) { do_it(now, name, {held::kind::abort, {}, 0}); }

packet::octets tli_switch_206::readable(std::uint64_t name) const {
    const auto it = entries_.find(name);
    if (it == entries_.end()) return {};
    if (it->second.away) return it->second.received.all();
    const tcp::connection* c = below_.in_table(name);
    return c ? c->received().all() : packet::octets{};
}

std::size_t tli_switch_206::room(std::uint64_t name) const {
    const auto it = entries_.find(name);
    if (it == entries_.end() || below_.where(name) == place::gone) return 0;
    const entry& e = it->second;
    const tcp::connection* c = e.away ? nullptr : below_.in_table(name);
    const std::size_t all = e.away ? driver_.able().send_capacity : c ? c->room_to_send() : 0;
    // Its FIN may be acknowledged as well: that lies behind own_end.
    const std::size_t taken = !e.away ? waiting(name) : tcp::before(e.acknowledged, e.own_end) ? e.own_end - e.acknowledged : 0;
    return all > taken ? all - taken : 0;
}

bool tli_switch_206::peer_closed(std::uint64_t name) const {
    const auto it = entries_.find(name);
    if (it == entries_.end() || below_.where(name) == place::gone) return true;
    const tcp::connection* c = it->second.away ? nullptr : below_.in_table(name);
    return c ? c->peer_closed() : it->second.peer_closed || !it->second.away;
}

bool tli_switch_206::forget(std::uint64_t name) {
    if (!entries_.count(name) || !below_.forget(name)) return false;
    entries_.erase(name);
    return true;
}

void tli_switch_206::left(ps now, std::uint64_t name, const tcp::moved_connection& m) {
    const auto facts = tcp::facts_of(m, now);
    if (!facts) return;
    entry& e = entries_.at(name);
    const tcp::connection_state s = facts->delegated.state;
    e.away = true;
    e.peer_closed = s == tcp::connection_state::close_wait || s == tcp::connection_state::closing || s == tcp::connection_state::last_ack;
    e.received = m.received;
    e.next = facts->delegated.rcv_nxt;
    e.acknowledged = facts->delegated.snd_una;
    e.given_end = e.acknowledged + static_cast<tcp::sequence>(m.unsent.size());
    e.own_end = e.given_end + static_cast<tcp::sequence>(waiting(name));
}

void tli_switch_206::told(ps now, std::uint64_t name, const happening& h) {
    const auto it = entries_.find(name);
    if (it == entries_.end() || !it->second.away) return;
    entry& e = it->second;
    std::uint32_t events = h.events & ~(tcp::event::readable | tcp::event::writable | (e.peer_closed ? tcp::event::peer_closed : 0));
    if (h.octets.size && tcp::before(e.next, h.from))
        throw std::logic_error("connection " + std::to_string(name) + ": a device tells of octets from " + std::to_string(h.from) + " on, those from " +
                               std::to_string(e.next) + " on are missing");
    const tcp::sequence known = e.next - h.from; // told before, by this device or another
    if (h.octets.size > known) {
        const packet::octets fresh = h.octets.from(known);
        e.received.push(fresh);
        e.next += static_cast<tcp::sequence>(fresh.size);
        events |= tcp::event::readable;
    }
    if (tcp::before(e.acknowledged, h.acknowledged)) {
        e.acknowledged = h.acknowledged;
        events |= tcp::event::writable;
        if (below_.where(name) == place::device) hand_over(now, name);
    }
    e.peer_closed |= (events & tcp::event::peer_closed) != 0;
    if (events) user_.happened(now, name, events);
}

void tli_switch_206::do_it(ps now, std::uint64_t name, held h) {
    const auto it = entries_.find(name);
    if (it == entries_.end()) return;
    if (h.what == held::kind::consume && below_.where(name) == place::device) {      // not behind what waits for room there
        driver_.table().consume(now, below_.in_device(name), h.n);
        return;
    }
    if (it->second.away) it->second.own_end += static_cast<tcp::sequence>(h.octets.size());
    it->second.waiting.push_back(std::move(h));
    hand_over(now, name);
}

std::size_t tli_switch_206::waiting(std::uint64_t name) const {
    const auto it = entries_.find(name);
    std::size_t n = 0;
    if (it != entries_.end())
        for (const held& h : it->second.waiting) n += h.octets.size();
    return n;
}

bool tli_switch_206::give(ps now, std::uint64_t name, entry& e, bytes& octets) {
    const std::size_t there = tcp::before(e.acknowledged, e.given_end) ? e.given_end - e.acknowledged : 0, all = driver_.able().send_capacity;
    const std::size_t n = std::min(octets.size(), all > there ? all - there : 0);
    const auto end = octets.begin() + static_cast<std::ptrdiff_t>(n);
    e.given_end += static_cast<tcp::sequence>(n);
    if (n) driver_.table().send(now, below_.in_device(name), bytes(octets.begin(), end));
    octets.erase(octets.begin(), end);
    return octets.empty();
}

void tli_switch_206::hand_over(ps now, std::uint64_t name) {
    const auto its = entries_.find(name);
    if (its == entries_.end()) return;
    entry& e = its->second;
    const place at = below_.where(name);
    if (at == place::gone) return e.waiting.clear();
    if (at != place::host && at != place::device) return;
    if (at == place::host && e.away) {           // the table has all that is unread, and what has been read here meanwhile
        e.away = false;
        e.received = {};
        std::size_t read = 0;
        for (held& h : e.waiting) read += std::exchange(h.n, 0);
        if (read) table_.use(below_.in_host(name), out_, [&](tcp::connection& c, tcp::actions& a) { c.consume(now, read, a); });
    }
    while (!e.waiting.empty()) {
        held h = std::move(e.waiting.front());
        e.waiting.pop_front();
        if (at == place::device) {
            const state::handle d = below_.in_device(name);
            const dispatch_table& t = driver_.table();
            if (h.what == held::kind::send) {
                if (give(now, name, e, h.octets)) continue;
                e.waiting.push_front(std::move(h));
                return;
            }
            if (h.what == held::kind::consume) t.consume(now, d, h.n);
            else if (h.what == held::kind::close) t.close(now, d);
            else t.abort(now, d);
            continue;
        }
        std::size_t taken = h.octets.size();
        table_.use(below_.in_host(name), out_, [&](tcp::connection& c, tcp::actions& a) {
            if (h.what == held::kind::send) taken = c.send(now, h.octets, a);
            else if (h.what == held::kind::close) c.close(now, a);
            else if (h.what == held::kind::abort) c.abort(now, a);
        });
        if (taken == h.octets.size()) continue;
        h.octets.erase(h.octets.begin(), h.octets.begin() + static_cast<std::ptrdiff_t>(taken));      // its queue is full: the rest waits
        e.waiting.push_front(std::move(h));
        return;
    }
}

void tli_switch_206::done(ps now, journey_ref j) {
    std::size_t there = 0;
    std::vector<std::uint64_t> unwanted;
    for (const traveller& t : j->travellers) there += t.refused ? 0 : 1;
    if (there) observer_.acted(act::buffers_322, there);
    for (const traveller& t : j->travellers) {
        hand_over(now, t.name);
        user_.moved(now, t.name, below_.where(t.name), t.refused);
        look_again(now, t.name);
        if (const auto it = entries_.find(t.name); it != entries_.end() && it->second.wanted_back && !t.refused) unwanted.push_back(t.name);
    }
    if (!unwanted.empty()) upload(now, unwanted);
}

void tli_switch_206::came_back(ps now, std::uint64_t name) {
    hand_over(now, name);
    user_.moved(now, name, below_.where(name), {});
    look_again(now, name);
}

// What became free or came while it was on its way, neither table nor device has told.
void tli_switch_206::look_again(ps now, std::uint64_t name) {
    const std::uint32_t events = (room(name) ? tcp::event::writable : 0) | (readable(name).size ? tcp::event::readable : 0);
    if (events) user_.happened(now, name, events);
}

}  // namespace nicteam::chimney
