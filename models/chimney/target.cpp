#include "nicteam/chimney/target.h"

#include <algorithm>

#include "nicteam/tcp/moved_octets.h"

namespace nicteam::chimney {

using state::block;
using state::handle;
using state::layer;
using state::part;

namespace {

// One space of handles for all layers: their indices do not meet.
constexpr std::uint32_t first_path = 0x1000'0000, first_connection = 0x2000'0000;
constexpr std::size_t most_slots = 0x1000'0000;

constexpr const char* status_texts[] = {"done", "no room", "not able", "stale handle", "malformed", "wrong order", "in use", "not movable",
                                        "refused below", "taken back", "upload in progress"};
constexpr const char* reason_texts[] = {"reset", "urgent", "timed out", "closed", "resources", "lost"};

std::uint16_t number(status s) { return static_cast<std::uint16_t>(s); }

// What is on its way is a connection with two ends that know of each other.
bool movable(const tcp::transport_delegated& d) {
    return d.state >= tcp::connection_state::established && d.state != tcp::connection_state::time_wait;
}

}  // namespace

const char* to_text(status s) { return status_texts[static_cast<unsigned>(s)]; }
const char* to_text(reason r) { return reason_texts[static_cast<unsigned>(r)]; }

target::target(const tcp::runner& by, const chimney::abilities& a, tcp::secret s)
    : abilities_(a), neighbours_(most_slots), paths_(most_slots, first_path), connections_(most_slots, first_connection),
      table_(by, [this](const packet::ip_address&, const packet::ip_address&) { return over_; }, s, most_slots) {}
target::~target() = default;

// ---------------------------------------------------------------- offload

state::block_list target::offload(ps now, state::block_list list, bool whole, outcome& o) {
    std::vector<bool> fresh(list.size());
    bool refused = false;
    list.walk([&](std::uint32_t n, std::uint32_t beneath) {
        block& b = list[n];
        const bool stands = beneath == block::none || list[beneath].status == number(status::done);
        std::uint32_t below = beneath;           // what drivers have put in between is no object of ours (¶116)
        while (below != block::none && list[below].layer == layer::opaque) below = block::none;
        const handle under = below == block::none ? handle{} : list[below].target;
        fresh[n] = !b.target;
        const status s = !stands ? status::refused_below : b.target ? status::done : allocate(b, under);
        b.status = number(s);
        if (b.target && !fresh[n]) {
            const bool known = (b.layer == layer::neighbor && neighbours_.find(b.target)) || (b.layer == layer::path && paths_.find(b.target));
            if (!known) b.status = number(status::stale_handle);
        }
        if (b.status == number(status::done) && b.layer != layer::opaque) b.status = number(load_block(now, b, o));
        refused |= b.status != number(status::done);
    });
    if (!refused) return list;
    // What was refused leaves nothing behind; with `whole` nothing of the list does. From the top down.
    std::vector<std::uint32_t> order;
    list.walk([&](std::uint32_t n, std::uint32_t) { order.push_back(n); });
    for (auto n = order.rbegin(); n != order.rend(); ++n) {
        block& b = list[*n];
        const bool bad = b.status != number(status::done);
        if (fresh[*n] && b.target && (bad || whole)) {
            if (const connection_entry* c = connections_.find(b.target); c && c->phase == phase::runs) continue;      // its state has come: it is owned here
            remove(b.target);
            b.target = {};
        }
        if (!bad && whole) b.status = number(status::taken_back);
    }
    return list;
}

status target::allocate(block& b, handle below) {
    const auto name = [&](std::optional<handle> h) {
        if (!h) return status::no_room;
        b.target = *h;
        return status::done;
    };
    switch (b.layer) {
        case layer::neighbor: return neighbours_.size() < abilities_.neighbours ? name(neighbours_.add()) : status::no_room;
        case layer::path: {
            neighbour_entry* under = neighbours_.find(below);
            if (!under) return status::wrong_order;
            if (paths_.size() >= abilities_.paths) return status::no_room;
            const status s = name(paths_.add());
            if (s != status::done) return s;
            paths_.find(b.target)->below = below;
            ++under->above;
            return s;
        }
        case layer::connection: {
            path_entry* under = paths_.find(below);
            if (!under) return status::wrong_order;
            if (connections_.size() >= abilities_.connections) return status::no_room;
            const status s = name(connections_.add());
            if (s != status::done) return s;
            connections_.find(b.target)->below = below;
            ++under->above;
            return s;
        }
        case layer::opaque: return status::done;
        case layer::security: return status::not_able;
    }
    return status::malformed;
}

status target::load_block(ps now, block& b, outcome& o) {
    if (!b.data.empty())
        if (const status s = load_data(b.target, b.data); s != status::done) return s;
    for (const part p : {part::constant, part::cached, part::delegated})
        if (const bytes& octets = b.of(p); !octets.empty())
            if (const status s = load(now, b.target, p, octets, o); s != status::done) return s;
    return status::done;
}

status target::load_data(handle h, packet::octets data) {
    connection_entry* c = connections_.find(h);
    if (!c) return status::stale_handle;
    if (c->phase != phase::allocated) return status::wrong_order;
    return tcp::read_moved(c->coming, data.data, data.size) ? status::done : status::malformed;
}

status target::load(ps now, handle h, part p, packet::octets octets, outcome& o) {
    if (neighbour_entry* n = neighbours_.find(h)) {
        n->it->set_time(now);
        return n->it->load(p, octets.data, octets.size) ? status::done : status::malformed;
    }
    if (path_entry* e = paths_.find(h)) return load_path(now, h, *e, p, octets);
    if (connection_entry* c = connections_.find(h)) return load_connection(now, h, *c, p, octets, o);
    return status::stale_handle;
}

status target::load_path(ps now, handle h, path_entry& e, part p, packet::octets octets) {
    if (p == part::constant && !e.it) {
        const auto ends = tcp::path::ends_of(octets.data, octets.size);
        if (!ends) return status::malformed;
        if (ends->source.version == 6 && !abilities_.ipv6) return status::not_able;
        e.it = std::make_shared<tcp::path>(*ends, tcp::path_cached{}, neighbours_.find(e.below)->it);
        by_ends_[{ends->source, ends->destination}].push_back(h);
        return status::done;
    }
    if (!e.it) return status::wrong_order;
    e.it->set_time(now);
    return e.it->load(p, octets.data, octets.size) ? status::done : status::malformed;
}

status target::load_connection(ps now, handle h, connection_entry& c, part p, packet::octets octets, outcome& o) {
    if (c.phase != phase::allocated) return p == part::cached ? update(now, h, octets, o) : status::wrong_order;
    bytes& to = p == part::constant ? c.coming.constant : p == part::cached ? c.coming.cached : c.coming.delegated;
    to.assign(octets.data, octets.data + octets.size);
    if (c.coming.constant.empty() || c.coming.cached.empty() || c.coming.delegated.empty()) return status::done;
    return begin(now, h, c, o);
}

// Everything has come.
status target::begin(ps now, handle h, connection_entry& c, outcome& o) {
    const path_entry* under = paths_.find(c.below);
    if (!under || !under->it) return status::wrong_order;
    const auto facts = tcp::facts_of(c.coming, now);
    if (!facts) return c.coming.delegated.clear(), status::malformed;
    if (!movable(facts->delegated)) return c.coming.delegated.clear(), status::not_movable;
    if (!suits(*facts)) return c.coming.delegated.clear(), status::not_able;
    over_ = under->it;
    const tcp::four_tuple name{over_->constant().source, over_->constant().destination, facts->constant.local_port, facts->constant.remote_port};
    c.in_table = table_.put_in(now, name, std::move(c.coming), o.out);
    over_ = nullptr;
    c.coming = {};
    if (!c.in_table) return status::malformed;
    c.phase = phase::runs;
    if (by_table_.size() <= c.in_table.index) by_table_.resize(c.in_table.index + 1);
    by_table_[c.in_table.index] = h;
    table_.use(c.in_table, o.out, [&](tcp::connection& it, tcp::actions& a) { it.go_on(now, a); });
    settle(o);
    return status::done;
}

bool target::suits(const tcp::moved_facts& f) const {
    namespace flag = tcp::constant_flag;
    if ((f.constant.flags & flag::sack && !abilities_.sack) || (f.constant.flags & flag::window_scaling && !abilities_.window_scaling) ||
        (f.constant.flags & flag::timestamps && !abilities_.timestamps))
        return false;
    if (f.cached.flags & tcp::cached_flag::keep_alive && !abilities_.keep_alive) return false;
    if (f.delegated.flags & (tcp::delegated_flag::urgent_in | tcp::delegated_flag::urgent_out) && !abilities_.urgent) return false;
    return f.cached.initial_receive_window <= abilities_.most_window;
}

// ---------------------------------------------------------------- while they are here

status target::update(ps now, handle h, packet::octets cached, outcome& o) {
    if (neighbours_.find(h) || paths_.find(h)) return load(now, h, part::cached, cached, o);
    status s = status::done;
    connection_entry* c = running(h, s);
    if (!c) return s;
    bool good = false;
    table_.use(c->in_table, o.out, [&](tcp::connection& it, tcp::actions&) {
        it.set_time(now);
        good = it.load(part::cached, cached.data, cached.size);
    });
    return good ? status::done : status::malformed;
}

status target::relink(handle path, handle neighbour) {
    path_entry* p = paths_.find(path);
    neighbour_entry *to = neighbours_.find(neighbour), *from = p ? neighbours_.find(p->below) : nullptr;
    if (!p || !to || !p->it) return status::stale_handle;
    if (from) --from->above;
    ++to->above;
    p->below = neighbour;
    p->it->set_next_hop(to->it);
    return status::done;
}

status target::query(ps now, handle h, part p, bytes& out) {
    if (neighbour_entry* n = neighbours_.find(h)) return n->it->set_time(now), n->it->save(p, out), status::done;
    if (path_entry* e = paths_.find(h)) {
        if (!e->it) return status::wrong_order;
        return e->it->set_time(now), e->it->save(p, out), status::done;
    }
    status s = status::done;
    const connection_entry* c = running(h, s);
    if (!c) return s;
    tcp::results none;
    table_.use(c->in_table, none, [&](tcp::connection& it, tcp::actions&) {
        it.set_time(now);
        it.save(p, out);
    });
    return s;
}

status target::invalidate(handle h) {
    if (neighbour_entry* n = neighbours_.find(h)) {
        if (n->above) return status::in_use;
        return remove(h), status::done;
    }
    if (path_entry* p = paths_.find(h)) {
        if (p->above) return status::in_use;
        return remove(h), status::done;
    }
    if (!connections_.find(h)) return status::stale_handle;
    return remove(h), status::done;
}

target::connection_entry* target::running(handle h, status& s) {
    connection_entry* c = connections_.find(h);
    if (!c) return s = status::stale_handle, nullptr;
    if (c->phase == phase::stopped) return s = status::upload_in_progress, nullptr;
    if (c->phase == phase::allocated || !table_.find(c->in_table)) return s = status::wrong_order, nullptr;
    return c;
}

const tcp::connection* target::connection(handle h) const {
    const connection_entry* c = connections_.find(h);
    return c ? table_.find(c->in_table) : nullptr;
}

status target::send(ps now, handle h, packet::octets o, outcome& out) {
    status s = status::done;
    if (connection_entry* c = running(h, s)) table_.use(c->in_table, out.out, [&](tcp::connection& it, tcp::actions& a) { it.send(now, o, a); });
    settle(out);
    return s;
}
status target::consume(ps now, handle h, std::size_t n, outcome& out) {
    status s = status::done;
    if (connection_entry* c = running(h, s)) table_.use(c->in_table, out.out, [&](tcp::connection& it, tcp::actions& a) { it.consume(now, n, a); });
    settle(out);
    return s;
}
status target::close(ps now, handle h, outcome& out) {
    status s = status::done;
    if (connection_entry* c = running(h, s)) table_.use(c->in_table, out.out, [&](tcp::connection& it, tcp::actions& a) { it.close(now, a); });
    settle(out);
    return s;
}
status target::abort(ps now, handle h, outcome& out) {
    status s = status::done;
    if (connection_entry* c = running(h, s)) table_.use(c->in_table, out.out, [&](tcp::connection& it, tcp::actions& a) { it.abort(now, a); });
    settle(out);
    return s;
}

handle target::between(const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment) const {
    if (segment.size < tcp::header_octets) return {};
    const handle in_table = table_.named({destination, source, packet::get16(segment.data + 2), packet::get16(segment.data)});
    if (!in_table) return {};
    const handle h = by_table_[in_table.index];
    const connection_entry* c = connections_.find(h);
    return c && c->phase == phase::runs ? h : handle{};
}

bool target::take(ps now, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment, outcome& o) {
    const handle h = between(source, destination, segment);
    if (!h) return false;
    constexpr std::size_t flags_at = 13;
    if (segment[flags_at] & tcp::flag::urg && !abilities_.urgent) return indicate(h, reason::urgent, o), true;      // untouched: the host will have it again
    table_.on_segment(now, source, destination, segment, o.out);
    settle(o);
    return true;
}

status target::forward(ps now, handle h, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment, outcome& o) {
    status s = status::done;
    if (!running(h, s)) return s;
    return take(now, source, destination, segment, o) ? status::done : status::stale_handle;
}

void target::on_timer(ps now, outcome& o) {
    table_.on_timer(now, o.out);
    settle(o);
}

tcp::path* target::path_to(const packet::ip_address& local, const packet::ip_address& remote) {
    const auto it = by_ends_.find({local, remote});
    return it == by_ends_.end() ? nullptr : paths_.find(it->second.back())->it.get();
}

std::size_t target::dependents(handle h) const {
    if (const neighbour_entry* n = neighbours_.find(h)) return n->above;
    const path_entry* p = paths_.find(h);
    return p ? p->above : 0;
}

// Events of the table are told by handles of the target's; what has come to its end is the host's to know.
void target::settle(outcome& o) {
    for (auto& e : o.out.events) {
        const bool of_table = e.connection.index < first_path;
        if (!of_table) continue;
        const handle h = by_table_[e.connection.index];
        e.connection = h;
        connection_entry* c = connections_.find(h);
        if (!c || !(e.events & tcp::event::closed)) continue;
        c->phase = phase::over;
        indicate(h, e.events & tcp::event::was_reset ? reason::reset : e.events & tcp::event::timed_out ? reason::timed_out : reason::closed, o);
    }
}

void target::indicate(handle h, reason r, outcome& o) { o.indications.push_back({h, r}); }

// ---------------------------------------------------------------- upload

status target::stop(ps, handle h) {
    status s = status::done;
    if (connection_entry* c = running(h, s)) c->phase = phase::stopped;
    return s;
}

state::block_list target::upload(ps now, state::block_list list) {
    std::vector<std::uint32_t> order;
    list.walk([&](std::uint32_t n, std::uint32_t) { order.push_back(n); });
    for (auto n = order.rbegin(); n != order.rend(); ++n) {    // connections before what they depend on
        block& b = list[*n];
        b.constant.clear(), b.cached.clear(), b.delegated.clear(), b.data.clear();
        b.status = number(status::done);
        if (b.stays || b.layer == layer::opaque) continue;
        if (connection_entry* c = b.layer == layer::connection ? connections_.find(b.target) : nullptr) {
            if (const tcp::connection* it = table_.find(c->in_table); it && it->state() != tcp::connection_state::closed) {
                auto moved = table_.take_out(now, c->in_table);
                b.delegated = std::move(moved.delegated);
                b.data = tcp::moved_octets(moved);
            }
            remove(b.target);
        } else if (path_entry* p = b.layer == layer::path ? paths_.find(b.target) : nullptr) {
            if (p->above) {
                b.status = number(status::in_use);
                continue;
            }
            if (p->it) p->it->save(part::delegated, b.delegated);
            remove(b.target);
        } else if (neighbour_entry* e = b.layer == layer::neighbor ? neighbours_.find(b.target) : nullptr) {
            if (e->above) b.status = number(status::in_use);
            else remove(b.target);
        } else {
            b.status = number(status::stale_handle);
        }
    }
    return list;
}

void target::remove(handle h) {
    if (connection_entry* c = connections_.find(h)) {
        if (path_entry* p = paths_.find(c->below)) --p->above;
        if (table_.find(c->in_table)) table_.take_out(0, c->in_table);
        connections_.remove(h);
    } else if (path_entry* p = paths_.find(h)) {
        if (neighbour_entry* n = neighbours_.find(p->below)) --n->above;
        if (p->it) {
            const auto it = by_ends_.find({p->it->constant().source, p->it->constant().destination});
            it->second.erase(std::find(it->second.begin(), it->second.end(), h));
            if (it->second.empty()) by_ends_.erase(it);
        }
        paths_.remove(h);
    } else {
        neighbours_.remove(h);
    }
}

}  // namespace nicteam::chimney
