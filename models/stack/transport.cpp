#include "stack/transport.h"

#include "nicteam/packet/checksum.h"
#include "nicteam/packet/icmp_error.h"
#include "stack/send_security.h"

namespace nicteam::stack {
namespace {

constexpr std::uint16_t first_own_port = 32'768, last_own_port = 60'999;        // Linux: ip_local_port_range
constexpr std::size_t checksum_at = 16;                                          // in a segment

// What a step costs the CPU. The checksum is charged where it is known whether a device does it.
constexpr struct {
    tcp::step of;
    host::cost row;
} charges[] = {
    {tcp::step::segment_in, cost::tcp_segment_in}, {tcp::step::demultiplex, cost::tcp_demultiplex}, {tcp::step::option_read, cost::tcp_option_read},
    {tcp::step::acceptance, cost::tcp_acceptance}, {tcp::step::acknowledgement, cost::tcp_acknowledgement}, {tcp::step::sack_block, cost::tcp_sack_block},
    {tcp::step::octet_taken, cost::copy_byte}, {tcp::step::out_of_order, cost::tcp_out_of_order}, {tcp::step::urgent, cost::tcp_urgent},
    {tcp::step::rtt_sample, cost::tcp_rtt_sample}, {tcp::step::congestion, cost::tcp_congestion}, {tcp::step::timer_set, cost::tcp_timer_set},
    {tcp::step::timer_fired, cost::tcp_timer_fired}, {tcp::step::segment_out, cost::tcp_segment_out}, {tcp::step::option_written, cost::tcp_option_written},
    {tcp::step::octet_sent, cost::copy_byte}, {tcp::step::retransmission, cost::tcp_retransmission}, {tcp::step::state_change, cost::tcp_state_change},
    {tcp::step::connection_made, cost::tcp_connection_made}, {tcp::step::octet_moved, cost::tcp_byte_moved}, {tcp::step::path_read, cost::tcp_path_read},
};
static_assert(std::size(charges) == tcp::step_kinds - 1, "every step but the checksum");

tcp::secret drawn_from(random_stream s) {
    tcp::secret made;
    made.first = s.next();
    made.second = s.next();
    return made;
}

}  // namespace

transport::transport(sc_core::sc_module_name n, const tcp::endpoint_config& config, const chimney_config& chimney, protocol_stack_100::machinery& m)
    : sc_module(n), stack_(m), config_(config), counters_([this](const metric_info& row) -> counter& { return sim::bind_counter(*this, row); }),
      table_(runner_, [this](const packet::ip_address& l, const packet::ip_address& r) { return path_between(l, r); },
             drawn_from(sim::stream_of(*this, "secret")), static_cast<std::size_t>(config.most_connections)),
      streams_(2 * static_cast<std::size_t>(config.most_connections) + 1), chimney_(chimney), next_port_(first_own_port) {
    runner_.rules = tcp::rules_of(config);
    runner_.steps = &counters_;
    if (chimney.when == offload_when::never) return;
    for (unsigned n = 0; n < m.interfaces.size(); ++n) {
        const unsigned adapter = m.interfaces[n].adapter;
        if (driver::offload_port* p = m.below.offload(adapter); p && !shafts_.count(adapter)) shafts_[adapter] = std::make_unique<shaft>(*this, n, *p);
    }
}

// The largest datagram that goes there whole, with what policies put around it.
std::uint32_t transport::path_mtu(const packet::ip_address& local, const packet::ip_address& remote, const protocol_stack_100::machinery::ports& p) const {
    const auto to = packet::documented(remote);
    ipv4_address hop = 0;
    const int interface = stack_.route(remote.version == 4 ? remote.v4() : to.value_or(0), hop);
    if (interface < 0) return 0;
    const unsigned adapter = stack_.interfaces[static_cast<unsigned>(interface)].adapter;
    const std::size_t link = stack_.below.able(adapter).mtu;
    const std::size_t path = remote.version == 4 ? stack_.paths.to(remote.v4(), link) : stack_.paths.to_ipv6(*to, link);
    const std::size_t inside = stack_.policies ? stack_.policies->largest({local, remote, packet::ip_protocol::tcp, true, p.source, p.destination}, adapter) : path;
    return static_cast<std::uint32_t>(inside ? std::min(path, inside) : path);
}

std::shared_ptr<tcp::path> transport::path_between(const packet::ip_address& local, const packet::ip_address& remote) {
    auto& known = paths_[{local, remote}];
    if (auto p = known.lock()) return p;
    const std::uint32_t mtu = path_mtu(local, remote);
    if (!mtu) return nullptr;
    tcp::path_constant ends;
    ends.source = local;
    ends.destination = remote;
    tcp::path_cached cached;
    cached.path_mtu = mtu;
    auto made = std::make_shared<tcp::path>(ends, cached);
    known = made;
    return made;
}

bool transport::listen(std::uint16_t port, stream_user& u) {
    if (!listeners_.emplace(port, &u).second) return false;
    return table_.listen(port, static_cast<std::size_t>(config_.backlog));
}

state::handle transport::connect(host::cpu& c, const destination& d, stream_user& u) {
    ipv4_address hop = 0;
    const int interface = stack_.route(d.to, hop);
    if (interface < 0) stack_.count(stack_metric::no_route);
    if (interface < 0 || table_.size() >= static_cast<std::size_t>(config_.most_connections)) return {};
    const ipv4_address own = stack_.interfaces[static_cast<unsigned>(interface)].ip;
    tcp::four_tuple name;
    name.local = d.six ? packet::ip_address(packet::documentation_address(own)) : packet::ip_address(own);
    name.remote = d.six ? packet::ip_address(packet::documentation_address(d.to)) : packet::ip_address(d.to);
    name.remote_port = d.port;
    tcp::results r;
    state::handle h;
    for (unsigned tries = 0; !h && tries <= last_own_port - first_own_port; ++tries) {
        name.local_port = next_port_;
        next_port_ = next_port_ == last_own_port ? first_own_port : static_cast<std::uint16_t>(next_port_ + 1);
        if (!listeners_.count(name.local_port)) h = table_.connect(c.now(), name, r);
    }
    if (!h) return {};
    counters_.opened(true);
    const state::handle made = opened(h, &u);
    follow(c, r);
    tell_later(c);
    return made;
}

state::handle transport::opened(state::handle in_table, stream_user* user) {
    stream s;
    s.in_table = in_table;
    s.user = user;
    const state::handle made = *streams_.add(std::move(s));
    if (by_table_.size() <= in_table.index) by_table_.resize(in_table.index + 1);
    by_table_[in_table.index] = made;
    return made;
}

// In the table, or where the chimney knows it to be.
template <class F, class G>
void transport::use(host::cpu& c, state::handle h, F&& f, G&& g) {
    stream* s = streams_.find(h);
    if (!s) return;
    if (s->by) {
        g(s->by->over.top(), s->name);
        follow(c, out_);
    } else {
        tcp::results r;
        table_.use(s->in_table, r, f);
        follow(c, r);
    }
    consider(c, h);
    tell_later(c);
}

std::size_t transport::room(state::handle h) const {
    const stream* s = streams_.find(h);
    if (s && s->by) return s->by->over.top().room(s->name);
    const tcp::connection* it = s ? table_.find(s->in_table) : nullptr;
    return it ? it->room_to_send() : 0;
}
void transport::send(host::cpu& c, state::handle h, packet::octets o) {
    if (stream* s = streams_.find(h)) s->octets += o.size;
    use(c, h, [&](tcp::connection& it, tcp::actions& a) { it.send(c.now(), o, a); }, [&](chimney::tli_switch_206& t, std::uint64_t n) { t.send(c.now(), n, o); });
}
packet::octets transport::readable(state::handle h) const {
    const stream* s = streams_.find(h);
    if (s && s->by) return s->by->over.top().readable(s->name);
    const tcp::connection* it = s ? table_.find(s->in_table) : nullptr;
    return it ? it->received().all() : packet::octets{};
}
void transport::consume(host::cpu& c, state::handle h, std::size_t n) {
    if (stream* s = streams_.find(h)) s->octets += n;
    use(c, h, [&](tcp::connection& it, tcp::actions& a) { it.consume(c.now(), n, a); },
        [&](chimney::tli_switch_206& t, std::uint64_t name) { t.consume(c.now(), name, n); });
}
bool transport::peer_closed(state::handle h) const {
    const stream* s = streams_.find(h);
    if (s && s->by) return s->by->over.top().peer_closed(s->name);
    const tcp::connection* it = s ? table_.find(s->in_table) : nullptr;
    return !it || it->peer_closed();
}
void transport::close(host::cpu& c, state::handle h) {
    use(c, h, [&](tcp::connection& it, tcp::actions& a) { it.close(c.now(), a); }, [&](chimney::tli_switch_206& t, std::uint64_t n) { t.close(c.now(), n); });
}
void transport::abort(host::cpu& c, state::handle h) {
    use(c, h, [&](tcp::connection& it, tcp::actions& a) { it.abort(c.now(), a); }, [&](chimney::tli_switch_206& t, std::uint64_t n) { t.abort(c.now(), n); });
}

// One that is in a device comes back first; nobody hears of it any more.
void transport::release(host::cpu& c, state::handle h) {
    stream* s = streams_.find(h);
    if (!s) return;
    s->user = nullptr;
    if (s->by && !s->by->over.top().forget(s->name)) {
        s->by->over.top().upload(c.now(), {s->name});
        follow(c, out_);
        return tell_later(c);
    }
    if (s->by) s->in_table = s->by->over.transport().in_host(s->name), s->by->streams.erase(s->name);
    const state::handle in_table = s->in_table;
    streams_.remove(h);
    tcp::results r;
    if (table_.find(in_table)) table_.release(c.now(), in_table, r);
    follow(c, r);
    tell_later(c);
}

// ---------------------------------------------------------------- into a device and back

transport::shaft* transport::way_into_device(const tcp::connection& it, unsigned& interface, ipv4_address& hop) {
    if (stack_.policies || stack_.inbound || stack_.security) return nullptr;      // what IPsec has to see stays where it is seen
    const packet::ip_address& to = it.over()->constant().destination;
    const int route = stack_.route(to.version == 6 ? packet::documented(to).value_or(0) : to.v4(), hop);
    if (route < 0) return nullptr;
    interface = static_cast<unsigned>(route);
    const auto s = shafts_.find(stack_.interfaces[interface].adapter);
    return s == shafts_.end() || !s->second->over.able() ? nullptr : s->second.get();
}

void transport::consider(host::cpu& c, state::handle h) {
    stream* s = streams_.find(h);
    if (shafts_.empty() || !s || !s->user || s->refused || !s->in_table) return;
    if (chimney_.when == offload_when::after_octets && s->octets < chimney_.after) return;
    const tcp::connection* it = table_.find(s->in_table);
    if (!it || it->state() != tcp::connection_state::established) return;
    unsigned interface = 0;
    ipv4_address hop = 0;
    shaft* const by = s->by ? s->by : way_into_device(*it, interface, hop);
    if (!by || (s->by && by->over.top().where(s->name) != chimney::place::host)) return;
    if (!it->over()->next_hop()) {
        const bool six = it->over()->constant().destination.version == 6;
        const auto known = stack_.neighbours.find({interface, hop});
        const auto known_six = stack_.known_ipv6.find(hop);
        if (six ? known_six == stack_.known_ipv6.end() : known == stack_.neighbours.end() || !known->second.known) return;      // until ARP has an answer
        auto& next = hops_[{interface, hop}];
        if (!next) next = std::make_shared<tcp::neighbor>();
        tcp::neighbor_cached cached = next->cached();
        cached.destination = six ? known_six->second : known->second.mac;
        next->update(cached);
        it->over()->set_next_hop(next);
    }
    if (!s->by) {
        s->name = by->over.top().add(s->in_table);
        s->by = by;
        by->streams[s->name] = h;
    }
    s->refused = true;                               // one attempt
    by->over.top().offload(c.now(), {s->name});
    follow(c, out_);
}

void transport::shaft::happened(std::uint64_t name, std::uint32_t events) {
    const auto it = streams.find(name);
    stream* const s = it == streams.end() ? nullptr : owner.streams_.find(it->second);
    if (!s) return;
    if (events & tcp::event::closed) s->told_closed = true;
    owner.counters_.happened(events);
    owner.news_.push_back({it->second, events});
}

void transport::moved(shaft& by, std::uint64_t name, chimney::place where, chimney::refusal) {
    const auto it = by.streams.find(name);
    stream* const s = it == by.streams.end() ? nullptr : streams_.find(it->second);
    if (!s) return;
    const state::handle h = it->second;
    s->in_table = where == chimney::place::host ? by.over.transport().in_host(name) : state::handle{};
    if (s->in_table) {
        if (by_table_.size() <= s->in_table.index) by_table_.resize(s->in_table.index + 1);
        by_table_[s->in_table.index] = h;
    }
    if (where == chimney::place::gone && !std::exchange(s->told_closed, true)) {
        counters_.happened(tcp::event::closed | tcp::event::was_reset);
        news_.push_back({h, tcp::event::closed | tcp::event::was_reset});
    }
    if (!s->user && (where == chimney::place::host || where == chimney::place::gone)) {
        by.over.top().forget(name);
        const state::handle in_table = s->in_table;
        by.streams.erase(it);
        streams_.remove(h);
        if (table_.find(in_table)) table_.release(sim::now(), in_table, out_);
    }
}

void transport::learned(host::cpu& c, unsigned interface, ipv4_address next_hop, const driver::mac_address& mac) {
    const auto it = hops_.find({interface, next_hop});
    if (it == hops_.end() || it->second->cached().destination == mac) return;
    tcp::neighbor_cached cached = it->second->cached();
    cached.destination = mac;
    it->second->update(cached);
    const auto by = shafts_.find(stack_.interfaces[interface].adapter);
    if (by == shafts_.end()) return;
    by->second->over.framing().changed(c.now(), it->second);
    follow(c, out_);
}

void transport::take(host::cpu& c, const packet::ip_address& source, const packet::ip_address& destination, packet::octets s, trace_id id) {
    if (!stack_.verified) c.spend(of(cost::checksum_byte), s.size);
    for (const auto& [adapter, by] : shafts_) {
        if (!by->over.transport().take(c.now(), source, destination, s)) continue;      // a device has it, or it is on its way
        stack_.end(id, stack_outcome::segment, c.now());
        follow(c, out_);
        return tell(c);
    }
    tcp::results r;
    const tcp::fate f = table_.on_segment(c.now(), source, destination, s, r);
    counters_.received(s, f);
    switch (f) {
        case tcp::fate::bad_length: stack_.count(stack_metric::bad_header); stack_.end(id, stack_outcome::bad_header, c.now()); break;
        case tcp::fate::bad_checksum: stack_.count(stack_metric::bad_checksum); stack_.end(id, stack_outcome::bad_checksum, c.now()); break;
        case tcp::fate::no_connection: stack_.count(stack_metric::no_socket); stack_.end(id, stack_outcome::no_socket, c.now()); break;
        default: stack_.end(id, stack_outcome::segment, c.now());
    }
    for (const auto& [port, user] : listeners_)
        for (state::handle h = table_.accept(port); h; h = table_.accept(port)) {
            counters_.opened(false);
            news_.push_back({opened(h, user), 0});
            r.events.push_back({h, tcp::event::connected | tcp::event::readable});
        }
    follow(c, r);
    tell(c);
}

bool transport::told(host::cpu& c, const packet::path_told& path) {
    tcp::results r;
    const bool believed = table_.too_big(c.now(), path.source, path, r);
    follow(c, r);
    tell(c);
    return believed;
}

void transport::look_at_paths() {
    for (auto& [between, known] : paths_) {
        const auto p = known.lock();
        tcp::path_cached now = p ? p->cached() : tcp::path_cached{};
        const std::uint32_t mtu = p ? path_mtu(between.local, between.remote) : 0;
        if (!mtu || mtu >= now.path_mtu) continue;
        now.path_mtu = mtu;
        p->update(now);
    }
}

void transport::follow(host::cpu& c, tcp::results& r) {
    for (segment& s : r.segments) leaving_.push_back(std::move(s));
    for (const auto& e : r.events) {
        counters_.happened(e.events);
        const state::handle h = e.connection.index < by_table_.size() ? by_table_[e.connection.index] : state::handle{};
        if (stream* s = streams_.find(h); s && s->in_table == e.connection) {
            if (e.events & tcp::event::closed) s->told_closed = true;
            news_.push_back({h, e.events});
        }
    }
    r = {};                                      // a run may end while time passes, and with it this stack
    charge(c);
    for (const auto& [adapter, by] : shafts_) by->over.flush(c);
    leave(c);
    plan(c);
}

void transport::charge(host::cpu& c) {
    const auto steps = counters_.take_steps();
    for (const auto& row : charges)
        if (const std::uint64_t n = steps[static_cast<std::size_t>(row.of)]) c.spend(of(row.row), n);
}

void transport::leave(host::cpu& c) {
    if (draining_) return;
    draining_ = true;
    while (!leaving_.empty() && send_one(c, leaving_.front())) leaving_.pop_front();
    draining_ = false;
}

// A policy that looks at ports put more around it than its path knew of. It is sent again in time.
void transport::shorten(const segment& s, const protocol_stack_100::machinery::ports& p) {
    const auto known = paths_.find({s.from, s.to});
    const auto path = known == paths_.end() ? nullptr : known->second.lock();
    if (path) path->too_big(path_mtu(s.from, s.to, p));
}

// false: there is no buffer for it now.
bool transport::send_one(host::cpu& c, const segment& s) {
    const bool six = s.to.version == 6;
    const ipv4_address to = six ? *packet::documented(s.to) : s.to.v4();
    ipv4_address hop = 0;
    const int route = stack_.route(to, hop);
    if (route < 0) {
        stack_.count(stack_metric::no_route);
        return true;
    }
    const auto interface = static_cast<unsigned>(route);
    const protocol_stack_100::machinery::ports ports{packet::get16(s.segment.data()), packet::get16(s.segment.data() + 2)};
    packet::ipv4_fields four = stack_.unnumbered(interface, to, packet::ip_protocol::tcp);
    const packet::ip_fields six_fields = stack_.unnumbered_ipv6(interface, to, packet::ip_protocol::tcp);
    const std::size_t header = six ? packet::ipv6_header : packet::ipv4_header;
    const way_out w = six ? stack_.way(interface, six_fields, ports, header + s.segment.size(), c.now())
                          : stack_.way(interface, four, ports, header + s.segment.size(), c.now());
    if (w.fate == fate::too_long) shorten(s, ports);
    if (w.frames > stack_.config.buffers) {
        stack_.count(stack_metric::failed);
        return true;
    }
    if (stack_.pool.left() < w.frames) return stack_.take(this, 0, w.frames) != nullptr;      // asks for room
    const bool offloaded = !w.by_cpu && !w.by_ring && (!six || w.policy) && stack_.below.able(stack_.interfaces[interface].adapter).checksums;
    if (!offloaded) c.spend(of(cost::checksum_byte), s.segment.size());
    c.spend(of(cost::ip_send));
    buffer* b = stack_.take(this, 0, w.frames);
    if (!b) return false;
    bytes& out = stack_.out;
    out.clear();
    packet::append_ethernet(out, {}, {}, six ? packet::ether_type::ipv6 : packet::ether_type::ipv4);
    if (six) {
        packet::append_ip(out, six_fields, s.segment.size());
    } else {
        four.identification = stack_.identification++;
        packet::append_ipv4(out, four, s.segment.size());
    }
    const std::size_t at = out.size();
    out.insert(out.end(), s.segment.begin(), s.segment.end());
    if (offloaded) {
        const std::uint32_t pseudo = six ? packet::pseudo_header_sum(six_fields.source, six_fields.destination, packet::ip_protocol::tcp, s.segment.size())
                                         : packet::pseudo_header_sum(four.source, four.destination, packet::ip_protocol::tcp, static_cast<std::uint16_t>(s.segment.size()));
        packet::put16(&out[at + checksum_at], packet::internet_sum({}, pseudo));
        if (!six) packet::put16(&out[packet::ethernet_header + 10], 0);
    }
    b->packet.insert_checksums = offloaded;
    counters_.sent(s.segment);
    const trace_id id = stack_.newborn(static_cast<std::uint32_t>(out.size()), c.now());
    const sim::in_hand at_work(stack_.station, id);
    stack_.send_ip(c, interface, six ? to : hop, *b, id, w);
    return true;
}

void transport::tell(host::cpu& c) {
    if (telling_) return;
    telling_ = true;
    while (!news_.empty()) {
        const auto [h, events] = news_.front();
        news_.pop_front();
        const stream* s = streams_.find(h);
        if (!s || !s->user) continue;
        if (events) s->user->happened(c, h, events);
        else s->user->accepted(c, h);
        if (events & tcp::event::connected) consider(c, h);
    }
    telling_ = false;
}

// Who calls is not called back before its call returns.
void transport::tell_later(host::cpu& c) {
    if (telling_ || news_.empty()) return;
    c.post(c.now(), [this](host::cpu& k) { tell(k); });
}

void transport::plan(host::cpu& c) {
    const ps next = table_.next_deadline();
    if (next >= planned_) return;
    planned_ = next;
    c.post(std::max(next, c.now()), [this, next](host::cpu& k) {
        if (planned_ == next) planned_ = never;
        tcp::results r;
        table_.on_timer(k.now(), r);
        follow(k, r);
        tell(k);
    });
}

}  // namespace nicteam::stack
