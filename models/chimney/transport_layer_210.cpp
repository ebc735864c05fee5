#include "nicteam/chimney/transport_layer_210.h"

namespace nicteam::chimney {

using state::block;
using state::layer;
using state::part;

namespace {
constexpr const char* places[] = {"host", "going down", "device", "coming up", "gone"};
}  // namespace

const char* to_text(place p) { return places[static_cast<unsigned>(p)]; }

transport_layer_210::transport_layer_210(tcp::connection_table& t, tcp::results& out, network_layer_212& n, minidriver_210& m, act_observer& w)
    : table_(t), out_(out), below_(n), driver_(m), observer_(w) {
    below_.completed = [this](ps now, journey_ref j) { done(now, std::move(j)); };
    below_.terminated = [this](ps now, journey_ref j) { back(now, std::move(j)); };
    driver_.termination_asked = [this](ps now, state::handle h, reason why) {
        const auto it = by_target_.find(key(h));
        if (it != by_target_.end()) asked(now, it->second, why);
    };
    driver_.told_of = [this](ps now, state::handle h, const happening& what) {
        const auto it = by_target_.find(key(h));
        if (it != by_target_.end() && happened) happened(now, it->second, what);
    };
}

transport_layer_210::record* transport_layer_210::find(std::uint64_t name) {
    const auto it = records_.find(name);
    return it == records_.end() ? nullptr : &it->second;
}

bool transport_layer_210::add(std::uint64_t name, state::handle in_host) {
    const tcp::connection* c = table_.find(in_host);
    if (!c) return false;
    record r;
    r.in_host = in_host;
    r.over = c->over();
    r.ends = {r.over->constant().source, r.over->constant().destination, c->constant().local_port, c->constant().remote_port};
    return records_.emplace(name, std::move(r)).second;
}

place transport_layer_210::where(std::uint64_t name) const {
    const record* r = find(name);
    return r ? r->where : place::gone;
}
state::handle transport_layer_210::in_host(std::uint64_t name) const {
    const record* r = find(name);
    return r && r->where == place::host ? r->in_host : state::handle{};
}
state::handle transport_layer_210::in_device(std::uint64_t name) const {
    const record* r = find(name);
    return r && r->where == place::device ? r->device : state::handle{};
}

state::handle transport_layer_210::table_handle(std::uint64_t name) const {
    const record* r = find(name);
    return r ? r->in_host : state::handle{};
}
const tcp::connection* transport_layer_210::in_table(std::uint64_t name) const {
    const record* r = find(name);
    return r ? table_.find(r->in_host) : nullptr;
}

bool transport_layer_210::forget(std::uint64_t name) {
    const record* r = find(name);
    if (r && r->where != place::host && r->where != place::gone) return false;
    if (r && r->where == place::gone) away_.erase(r->ends);
    records_.erase(name);
    return true;
}

void transport_layer_210::request(ps now, journey_ref j) {
    observer_.acted(act::request_330, j->travellers.size());
    std::vector<block> blocks;
    for (traveller& t : j->travellers) {
        record* r = find(t.name);
        const tcp::connection* c = r && r->where == place::host ? table_.find(r->in_host) : nullptr;
        if (!c || c->state() < tcp::connection_state::established || c->state() == tcp::connection_state::time_wait)
            t.refused = {"transport", r && r->where == place::host ? status::not_movable : status::in_use};
        if (t.refused) continue;
        r->where = place::going_down;
        t.over = r->over;
        block b;
        b.layer = layer::connection;
        b.host = t.name;
        blocks.push_back(std::move(b));
    }
    if (!j->going()) return completed(now, std::move(j));
    below_.request(now, std::move(j), std::move(blocks));
}

void transport_layer_210::done(ps now, journey_ref j) {
    std::unordered_map<std::uint64_t, const block*> granted;
    for (std::uint32_t n = 0; n < j->list.size(); ++n)
        if (j->list[n].layer == layer::connection) granted[j->list[n].host] = &j->list[n];
    auto open = std::make_shared<std::size_t>(1);
    std::vector<std::uint64_t> go;
    for (traveller& t : j->travellers) {
        record* r = find(t.name);
        const auto it = granted.find(t.name);
        if (!t.refused && it != granted.end() && it->second->status != static_cast<std::uint16_t>(status::done))
            t.refused = {"device", static_cast<status>(it->second->status)};
        if (!t.refused && (it == granted.end() || !it->second->target)) t.refused = {"device", status::no_room};
        // It may have come to its end while the request was under way.
        if (!t.refused && !table_.find(r->in_host)) t.refused = {"transport", status::not_movable};
        if (it != granted.end()) t.device = it->second->target;
        if (!t.refused) {
            go.push_back(t.name);
            continue;
        }
        if (r && t.over && r->where == place::going_down) r->where = table_.find(r->in_host) ? place::host : place::gone;
        if (t.counted) below_.release(now, t.over);
    }
    observer_.acted(act::state_318, go.size());
    *open += go.size();
    const auto shared = std::make_shared<journey_ref>(std::move(j));
    for (const std::uint64_t name : go) {
        record& r = *find(name);
        r.device = granted.at(name)->target;
        r.written = table_.take_out(now, r.in_host);
        r.in_host = {};
        if (left) left(now, name, r.written);
        r.constant = r.written.constant;
        r.cached = r.written.cached;
        away_[r.ends] = name;
        by_target_[key(r.device)] = name;
        driver_.write(now, r.device, part::constant, r.constant);
        driver_.write(now, r.device, part::cached, r.cached);
        driver_.write_data(now, r.device, tcp::moved_octets(r.written));
        driver_.write(now, r.device, part::delegated, r.written.delegated,
                      [this, name, shared, open](ps then, status s) { confirmed(then, name, s, shared, open); });
    }
    if (--*open == 0) {
        observer_.acted(act::completion_320, (*shared)->going());
        completed(now, std::move(*shared));
    }
}

// The device has it, or has not: then it goes on here.
void transport_layer_210::confirmed(ps now, std::uint64_t name, status s, const std::shared_ptr<journey_ref>& j, const std::shared_ptr<std::size_t>& open) {
    record& r = *find(name);
    if (s == status::done) {
        r.where = place::device;
        r.written = {};
    } else {
        for (traveller& t : (*j)->travellers)
            if (t.name == name) t.refused = {"device", s};
        tcp::moved_connection m = std::move(r.written);
        put_back(now, r, std::move(m));
        if (stayed) stayed(now, name);
        auto up = std::make_unique<journey>();       // its slot there, empty as it is
        up->down = false;
        traveller t;
        t.name = name;
        t.over = r.over;
        t.device = r.device;
        up->travellers.push_back(t);
        block b;
        b.layer = layer::connection;
        b.host = name;
        b.target = r.device;
        std::vector<block> blocks;
        blocks.push_back(std::move(b));
        r.device = {};
        below_.terminate(now, std::move(up), std::move(blocks));
    }
    if (--*open) return;
    observer_.acted(act::completion_320, (*j)->going());
    completed(now, std::move(*j));
}

void transport_layer_210::terminate(ps now, const std::vector<std::uint64_t>& names) {
    auto j = std::make_unique<journey>();
    j->down = false;
    std::vector<block> blocks;
    for (const std::uint64_t name : names) {
        record* r = find(name);
        if (!r || r->where != place::device) continue;
        r->where = place::coming_up;
        traveller t;
        t.name = name;
        t.over = r->over;
        t.device = r->device;
        j->travellers.push_back(t);
        block b;
        b.layer = layer::connection;
        b.host = name;
        b.target = r->device;
        blocks.push_back(std::move(b));
    }
    if (!j->travellers.empty()) below_.terminate(now, std::move(j), std::move(blocks));
}

void transport_layer_210::back(ps now, journey_ref j) {
    observer_.acted(act::completion_748, j->travellers.size());
    std::unordered_map<std::uint64_t, const block*> blocks;
    for (std::uint32_t n = 0; n < j->list.size(); ++n)
        if (j->list[n].layer == layer::connection) blocks[j->list[n].host] = &j->list[n];
    for (const traveller& t : j->travellers) {
        record* r = find(t.name);
        by_target_.erase(key(t.device));
        if (!r || r->where != place::coming_up) continue;      // it never ran there
        const auto it = blocks.find(t.name);
        tcp::moved_connection m;
        if (it != blocks.end()) {
            m.constant = r->constant;
            m.cached = r->cached;
            m.delegated = it->second->delegated;
            if (!tcp::read_moved(m, it->second->data.data(), it->second->data.size())) m.delegated.clear();
        }
        r->device = {};
        put_back(now, *r, std::move(m));
        if (returned) returned(now, t.name, r->in_host);
    }
}

// Into the table, and what waited for it behind.
void transport_layer_210::put_back(ps now, record& r, tcp::moved_connection m) {
    away_.erase(r.ends);
    r.in_host = m.delegated.empty() ? state::handle{} : table_.put_in(now, r.ends, std::move(m), out_);
    r.where = r.in_host ? place::host : place::gone;
    table_.use(r.in_host, out_, [&](tcp::connection& it, tcp::actions& a) { it.go_on(now, a); });
    const auto waiting = std::move(r.segments);
    r.segments.clear();
    for (const waiting_segment& s : waiting) table_.on_segment(now, s.source, s.destination, s.octets, out_);
}

bool transport_layer_210::take(ps now, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment) {
    if (segment.size < tcp::header_octets) return false;
    const auto it = away_.find({destination, source, packet::get16(segment.data + 2), packet::get16(segment.data)});
    if (it == away_.end()) return false;
    forward(now, it->second, {source, destination, bytes(segment.data, segment.data + segment.size)});
    return true;
}

// ¶57: to the device that has it; while its state is on its way up it waits here.
void transport_layer_210::forward(ps now, std::uint64_t name, waiting_segment s) {
    record& r = *find(name);
    if (r.where == place::coming_up) return r.segments.push_back(std::move(s));
    bytes octets = s.octets;
    const packet::ip_address source = s.source, destination = s.destination;
    driver_.forward(now, r.device, source, destination, std::move(octets), [this, name, s = std::move(s)](ps then, status told) {
        if (told == status::done) return;
        record* again = find(name);              // refused: its state is on its way up, or here already
        if (!again) return;
        if (again->where == place::host) table_.on_segment(then, s.source, s.destination, s.octets, out_);
        else if (again->where != place::gone) again->segments.push_back(s);
    });
}

void transport_layer_210::changed(ps now, std::uint64_t name, const tcp::transport_cached& c) {
    record* r = find(name);
    if (!r) return;
    if (r->where == place::host || (r->where == place::going_down && r->in_host)) {
        table_.use(r->in_host, out_, [&](tcp::connection& it, tcp::actions&) { it.set_cached(c); });
        return;
    }
    r->cached = tcp::cached_octets(c);
    if (r->where == place::going_down || r->where == place::device) below_.pass_update(now, r->device, r->cached, [](ps, status) {});
}

}  // namespace nicteam::chimney
