#include "nicteam/tcp/connection_table.h"

namespace nicteam::tcp {

using state::handle;

connection_table::connection_table(const runner& by, path_finder find_path, secret s, std::size_t most)
    : by_(&by), find_path_(std::move(find_path)), secret_(s), slots_(most), names_(16, tuple_hash{s}) {}

bool connection_table::listen(std::uint16_t port, std::size_t backlog) {
    listener l;
    l.backlog = backlog;
    return listeners_.emplace(port, std::move(l)).second;
}

void connection_table::stop_listening(ps now, std::uint16_t port, results& r) {
    std::vector<handle> waiting;
    slots_.each([&](handle h, const std::unique_ptr<entry>& e) {
        if (e->waits && e->name.local_port == port) waiting.push_back(h);
    });
    for (const handle h : waiting) use(h, r, [&](connection& c, actions& a) { c.abort(now, a); });
    listeners_.erase(port);
}

handle connection_table::accept(std::uint16_t port) {
    const auto l = listeners_.find(port);
    if (l == listeners_.end()) return {};
    while (!l->second.ready.empty()) {
        const handle h = l->second.ready.front();
        l->second.ready.pop_front();
        entry* const e = find_entry(h);
        if (!e) continue;                        // reset meanwhile
        no_longer_waits(*e);
        e->asked_for = true;
        return h;
    }
    return {};
}

handle connection_table::make(const four_tuple& name, sequence iss) {
    if (names_.count(name)) return {};
    const auto over = find_path_(name.local, name.remote);
    if (!over) return {};
    auto e = std::make_unique<entry>();
    e->it = std::make_unique<connection>(*by_, over, name.local_port, name.remote_port, iss, timestamp_offset(secret_, name));
    e->name = name;
    const auto h = slots_.add(std::move(e));
    if (!h) {
        ++counted_.table_full;
        return {};
    }
    names_.emplace(name, *h);
    find_connection(*h)->self = *h;
    return *h;
}

handle connection_table::connect(ps now, const four_tuple& name, results& r) {
    const handle h = make(name, initial_sequence(secret_, name, now));
    if (!h) return h;
    find_entry(h)->asked_for = true;
    use(h, r, [&](connection& c, actions& a) { c.open(now, a); });
    return h;
}

fate connection_table::on_segment(ps now, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment, results& r) {
    const auto s = segment_view::parse(segment, source, destination);
    if (by_->checksum) by_->count(step::checksum_octet, segment.size);
    if (s.verdict != packet::transport_verdict::good) {
        ++counted_.bad_segments;
        return s.verdict == packet::transport_verdict::bad_checksum ? fate::bad_checksum : fate::bad_length;
    }
    by_->count(step::demultiplex);
    const four_tuple name{destination, source, s.destination_port, s.source_port};
    const auto at = names_.find(name);
    if (at == names_.end()) return on_listener(now, name, s, 0, false, r);
    const handle h = at->second;
    connection& c = *find_connection(h);
    if (c.may_follow(s) && listeners_.count(s.destination_port)) {      // RFC 9293, 3.6.1; RFC 6191
        const sequence last = c.delegated().snd_max;
        ++counted_.time_wait_followed;
        actions a;
        a.events = event::closed;
        forget_name(*find_entry(h));
        settle(h, a, r);
        erase(h);
        return on_listener(now, name, s, last, true, r);
    }
    fate f = fate::taken;
    use(h, r, [&](connection& it, actions& a) { f = it.on_segment(now, s, a); });
    return f;
}

// RFC 9293, 3.10.7.2; without a listener 3.10.7.1. follows: the new numbers lie behind the last connection's.
fate connection_table::on_listener(ps now, const four_tuple& name, const segment_view& s, sequence last, bool follows, results& r) {
    const auto l = listeners_.find(name.local_port);
    if (l == listeners_.end() || s.has(flag::ack) || s.has(flag::rst)) {
        bytes reset = reset_for(s, name.remote, name.local);
        if (!reset.empty()) {
            ++counted_.resets_sent;
            by_->count(step::segment_out);
            r.segments.push_back({name.local, name.remote, std::move(reset)});
        }
        return fate::no_connection;
    }
    if (!s.has(flag::syn)) return fate::no_connection;
    if (l->second.waiting >= l->second.backlog) {
        ++counted_.backlog_full;
        return fate::no_connection;
    }
    sequence iss = initial_sequence(secret_, name, now);
    if (follows && at_or_before(iss, last)) iss = last + 65536;
    const handle h = make(name, iss);
    if (!h) return fate::no_connection;
    find_entry(h)->waits = true;
    ++l->second.waiting;
    use(h, r, [&](connection& c, actions& a) { c.open(now, s, a); });
    return fate::taken;
}

bool connection_table::too_big(ps now, const packet::ip_address& local, const packet::path_told& told, results& r) {
    if (told.protocol != packet::ip_protocol::tcp || told.rest.size < 8) return false;
    const auto at = names_.find({local, told.destination, packet::get16(told.rest.data), packet::get16(told.rest.data + 2)});
    if (at == names_.end()) return false;
    const handle h = at->second;
    const connection& c = *find_connection(h);
    if (!c.quotes(packet::get32(told.rest.data + 4)) || !c.over()->too_big(told.mtu)) return false;
    return use(h, r, [&](connection& it, actions& a) { it.on_path(now, a); });
}

void connection_table::on_timer(ps now, results& r) {
    while (!due_.empty() && due_.top().first <= now) {
        const auto [at, h] = due_.top();
        due_.pop();
        entry* const e = find_entry(h);
        if (!e || e->scheduled != at) continue;
        e->scheduled = never;
        if (e->it->next_deadline() <= now) use(h, r, [&](connection& c, actions& a) { c.on_timer(now, a); });
        else schedule(h, *e);
    }
}

handle connection_table::named(const four_tuple& name) const {
    const auto at = names_.find(name);
    return at == names_.end() ? handle{} : at->second;
}

void connection_table::release(ps now, handle h, results& r) {
    entry* const e = find_entry(h);
    if (!e || !e->asked_for) return;
    e->asked_for = false;
    use(h, r, [&](connection& c, actions& a) {
        if (c.state() == connection_state::closed) a.events |= event::closed;
        else c.abandon(now, a);
    });
}

moved_connection connection_table::take_out(ps now, handle h) {
    entry* const e = find_entry(h);
    if (!e) return {};
    auto m = e->it->take_out(now);
    forget_name(*e);
    erase(h);
    return m;
}

handle connection_table::put_in(ps now, const four_tuple& name, moved_connection m, results& r) {
    const handle h = make(name, 0);
    if (!h) return h;
    entry& e = *find_entry(h);
    e.asked_for = true;
    if (!e.it->put_in(now, std::move(m))) {
        forget_name(e);
        erase(h);
        return {};
    }
    actions none;
    settle(h, none, r);
    return h;
}

void connection_table::settle(handle h, actions& a, results& r) {
    entry& e = *find_entry(h);
    for (bytes& s : a.segments) r.segments.push_back({e.name.local, e.name.remote, std::move(s)});
    if (a.events & event::connected && e.waits) {
        const auto l = listeners_.find(e.name.local_port);
        if (l != listeners_.end()) l->second.ready.push_back(h);
    }
    if (a.events && e.asked_for) r.events.push_back({h, a.events});
    if (a.events & event::closed) {
        forget_name(e);
        no_longer_waits(e);
        if (!e.asked_for) return erase(h);
    }
    schedule(h, e);
}

void connection_table::schedule(handle h, entry& e) {
    const ps at = e.it->next_deadline();
    if (at >= e.scheduled) return;               // what is planned comes first and plans anew
    e.scheduled = at;
    due_.push({at, h});
    if (due_.size() <= 4 * slots_.size() + 64) return;
    due_ = {};                                   // most of it is of times that were overtaken
    slots_.each([&](handle each, const std::unique_ptr<entry>& x) {
        if (x->scheduled != never) due_.push({x->scheduled, each});
    });
}

void connection_table::forget_name(entry& e) {
    const auto at = names_.find(e.name);
    if (at != names_.end() && find_entry(at->second) == &e) names_.erase(at);
}

void connection_table::erase(handle h) {
    if (entry* const e = find_entry(h)) no_longer_waits(*e);
    slots_.remove(h);
}

void connection_table::no_longer_waits(entry& e) {
    if (!e.waits) return;
    e.waits = false;
    const auto l = listeners_.find(e.name.local_port);
    if (l != listeners_.end() && l->second.waiting) --l->second.waiting;
}

}  // namespace nicteam::tcp
