#include "peer/endpoint.h"

#include <stdexcept>

#include "nicteam/peer/protection.h"
#include "peer/framing.h"

namespace nicteam::peer {
namespace {

constexpr std::uint16_t first_own_port = 32'768, last_own_port = 60'999;        // Linux: ip_local_port_range

tcp::secret drawn_from(random_stream s) {
    tcp::secret made;
    made.first = s.next();
    made.second = s.next();
    return made;
}

tcp::row_binder binder_of(const std::string& path) {
    return {[path](const metric_info& row) -> counter& { return sim::session::current().bind_counter(path + "." + row.name, row); },
            [path](const metric_info& row) -> histogram& { return sim::session::current().bind_histogram(path + "." + row.name, row); }};
}

}  // namespace

endpoint::endpoint(const std::string& path, const tcp::endpoint_config& c, const packet::mac_address& mac, packet::ipv4_address ip, responder& out,
                   sim::agenda& agenda, unsigned slot)
    : config_(c), mac_(mac), ip_(ip), out_(out), agenda_(agenda), slot_(slot), counters_(binder_of(path).count),
      table_(runner_, [this](const packet::ip_address& l, const packet::ip_address& r) { return path_between(l, r); },
             drawn_from(random_stream(sim::session::current().seed(), path, "secret")), static_cast<std::size_t>(c.most_connections)),
      next_port_(first_own_port) {
    runner_.rules = tcp::rules_of(c);
    runner_.steps = &counters_;
}

packet::ip_address endpoint::key(const packet::ip_address& a) {
    const auto four = a.version == 6 ? packet::documented(a) : std::nullopt;
    return four ? packet::ip_address(*four) : a;
}

void endpoint::open(const std::string& path, const tcp::connections_config& c, std::uint16_t group, const packet::ip_address& to, const packet::mac_address& mac) {
    opening_.push_back(std::make_unique<tcp::opening_end>(c, group, to, binder_of(path)));
    tcp::neighbor_cached known;
    known.destination = mac;
    neighbours_[key(to)] = std::make_shared<tcp::neighbor>(known);
}

void endpoint::listen(const std::string& path, std::uint16_t port) {
    if (!table_.listen(port, static_cast<std::size_t>(config_.backlog))) throw std::invalid_argument(path + ": TCP port " + std::to_string(port) + " is taken");
    listening_[port] = std::make_unique<tcp::listening_end>(binder_of(path));
}

void endpoint::watch(tcp::stream_observer& o) {
    for (const auto& end : opening_) end->watch(o);
    for (const auto& [port, end] : listening_) end->watch(o);
}

// The largest datagram that goes there whole, with what its policies put around it and as far as its routers have told.
std::uint32_t endpoint::path_mtu(const tcp::path_constant& p) const {
    return static_cast<std::uint32_t>(protection_ ? protection_->path_mtu(p.source, p.destination, packet::ip_protocol::tcp) : most_mtu);
}

std::shared_ptr<tcp::path> endpoint::path_between(const packet::ip_address& local, const packet::ip_address& remote) {
    auto& known = paths_[remote];
    if (known) return known;
    const auto hop = neighbours_.find(key(remote));
    if (hop == neighbours_.end()) return nullptr;
    tcp::path_constant ends;
    ends.source = local;
    ends.destination = remote;
    tcp::path_cached cached;
    cached.path_mtu = path_mtu(ends);
    return known = std::make_shared<tcp::path>(ends, cached, hop->second);
}

void endpoint::take(const packet::mac_address& from, const packet::ip_view& v, ps at, ps ready) {
    now_ = at;
    ready_ = ready;
    if (auto& hop = neighbours_[key(v.source)]; !hop) {
        tcp::neighbor_cached known;
        known.destination = from;
        hop = std::make_shared<tcp::neighbor>(known);
    }
    tcp::results r;
    counters_.received(v.payload, table_.on_segment(at, v.source, v.destination, v.payload, r));
    for (const auto& [port, end] : listening_)
        for (state::handle h = table_.accept(port); h; h = table_.accept(port)) {
            counters_.opened(false);
            user_of(h) = {nullptr, end.get()};
            end->accepted(h);
            r.events.push_back({h, tcp::event::connected | tcp::event::readable});
        }
    follow(r);
    tell();
    plan(at);
}

void endpoint::told(const packet::icmp_error& e, ps at) {
    const auto path = packet::told_path(e);
    if (!path) return;
    now_ = ready_ = at;
    tcp::results r;
    table_.too_big(at, path->source, *path, r);
    follow(r);
    tell();
    plan(at);
}

void endpoint::learn(const packet::arp_message& m) {
    const auto hop = neighbours_.find(packet::ip_address(m.sender_ip));
    if (hop == neighbours_.end() || packet::is_group(m.sender_mac)) return;
    tcp::neighbor_cached known = hop->second->cached();
    known.destination = m.sender_mac;
    hop->second->update(known);
}

void endpoint::on_time(ps at) {
    now_ = ready_ = at;
    tcp::results r;
    table_.on_timer(at, r);
    follow(r);
    for (const auto& o : opening_) {
        at_work_ = o.get();
        if (o->next_at() <= at) o->on_time(*this, at);
    }
    at_work_ = nullptr;
    tell();
    plan(at);
}

void endpoint::plan(ps now) {
    ps next = table_.next_deadline();
    for (const auto& o : opening_) next = std::min(next, o->next_at());
    agenda_.set(slot_, next == never ? never : std::max(next, now));
}

endpoint::user& endpoint::user_of(state::handle h) {
    if (users_.size() <= h.index) users_.resize(h.index + 1);
    return users_[h.index];
}

state::handle endpoint::connect(const packet::ip_address& to, std::uint16_t port) {
    if (table_.size() >= static_cast<std::size_t>(config_.most_connections)) return {};
    tcp::four_tuple name;
    name.local = to.version == 6 ? packet::ip_address(packet::documentation_address(ip_)) : packet::ip_address(ip_);
    name.remote = to;
    name.remote_port = port;
    tcp::results r;
    state::handle h;
    for (unsigned tries = 0; !h && tries <= last_own_port - first_own_port; ++tries) {
        name.local_port = next_port_;
        next_port_ = next_port_ == last_own_port ? first_own_port : static_cast<std::uint16_t>(next_port_ + 1);
        if (!listening_.count(name.local_port)) h = table_.connect(now_, name, r);
    }
    if (!h) return {};
    counters_.opened(true);
    user_of(h) = {at_work_, nullptr};
    follow(r);
    return h;
}

template <class F>
void endpoint::use(state::handle h, F&& f) {
    tcp::results r;
    table_.use(h, r, f);
    follow(r);
}

std::size_t endpoint::room(state::handle h) const {
    const tcp::connection* it = table_.find(h);
    return it ? it->room_to_send() : 0;
}
void endpoint::send(state::handle h, packet::octets o) {
    use(h, [&](tcp::connection& it, tcp::actions& a) { it.send(now_, o, a); });
}
packet::octets endpoint::readable(state::handle h) const {
    const tcp::connection* it = table_.find(h);
    return it ? it->received().all() : packet::octets{};
}
void endpoint::consume(state::handle h, std::size_t n) {
    use(h, [&](tcp::connection& it, tcp::actions& a) { it.consume(now_, n, a); });
}
bool endpoint::peer_closed(state::handle h) const {
    const tcp::connection* it = table_.find(h);
    return !it || it->peer_closed();
}
void endpoint::close(state::handle h) {
    use(h, [&](tcp::connection& it, tcp::actions& a) { it.close(now_, a); });
}
void endpoint::abort(state::handle h) {
    use(h, [&](tcp::connection& it, tcp::actions& a) { it.abort(now_, a); });
}
void endpoint::release(state::handle h) {
    if (!table_.find(h)) return;
    user_of(h) = {};
    tcp::results r;
    table_.release(now_, h, r);
    follow(r);
}

void endpoint::follow(tcp::results& r) {
    counters_.take_steps();                      // nothing here costs
    for (const auto& s : r.segments) send_one(s);
    for (const auto& e : r.events) {
        counters_.happened(e.events);
        news_.push_back(e);
    }
}

void endpoint::tell() {
    if (telling_) return;
    telling_ = true;
    while (!news_.empty()) {
        const auto [h, events] = news_.front();
        news_.pop_front();
        if (!table_.find(h)) continue;
        const user u = user_of(h);
        at_work_ = u.opens;
        if (u.opens) u.opens->happened(*this, h, events, now_);
        else if (u.listens) u.listens->happened(*this, h, events, now_);
    }
    at_work_ = nullptr;
    telling_ = false;
}

void endpoint::send_one(const tcp::results::outgoing& s) {
    const auto known = paths_.find(s.to);
    const auto hop = neighbours_.find(key(s.to));
    if (hop == neighbours_.end()) return;
    if (protection_ && known != paths_.end() && known->second) {
        tcp::path_cached c = known->second->cached();
        const std::uint32_t now = path_mtu(known->second->constant());
        if (now < c.path_mtu) {
            c.path_mtu = now;
            known->second->update(c);
        }
    }
    packet::ip_fields f;
    f.source = s.from;
    f.destination = s.to;
    f.protocol = packet::ip_protocol::tcp;
    f.identification = known != paths_.end() && known->second ? known->second->next_identification() : 0;
    const ref<frame> out = frame::make();
    packet::append_ethernet(out->data, hop->second->cached().destination, mac_, s.to.version == 4 ? packet::ether_type::ipv4 : packet::ether_type::ipv6);
    packet::append_ip(out->data, f, s.segment.size());
    out->data.insert(out->data.end(), s.segment.begin(), s.segment.end());
    counters_.sent(s.segment);
    out_.pass(out, ready_);
}

}  // namespace nicteam::peer
