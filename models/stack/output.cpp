#include <algorithm>
#include <stdexcept>

#include "stack/machinery.h"
#include "stack/put_on_by_ring.h"
#include "stack/send_security.h"

namespace nicteam::stack {
namespace {
constexpr unsigned prefix_most = 32;
constexpr ipv4_address everybody = 0xFFFF'FFFF;
}  // namespace

void outlet::pass(host::cpu& c, buffer& b) {
    driver::packet_list& list = lists_.take();
    list.assign(1, &b.packet);
    const sim::in_hand at_work(station_, b.packet.id);
    below_.send(c, user_, adapter_, list);
    lists_.put(list);
}

void outlet::send(host::cpu& c, buffer& b) {
    if (backlog_.empty()) pass(c, b);
    else backlog_.push_back(&b);
}

void outlet::claim(const sim::station::claim& c) const {
    for (std::size_t n = 0; n < backlog_.size(); ++n) c(backlog_[n]->packet.id);
}

bool outlet::keep(buffer& b) {
    came_back_ = true;
    if (flushing_) backlog_.push_front(&b);
    else backlog_.push_back(&b);
    return true;
}

void outlet::flush(host::cpu& c) {
    if (flushing_) return;
    flushing_ = true;
    came_back_ = false;
    while (!backlog_.empty() && !came_back_) {
        buffer* b = backlog_.front();
        backlog_.pop_front();
        pass(c, *b);
    }
    flushing_ = false;
}

void protocol_stack_100::machinery::add_interface(unsigned adapter, const std::string& text) {
    const std::size_t slash = text.find('/');
    const auto ip = packet::parse_ipv4(text.substr(0, slash));
    unsigned bits = prefix_most;
    bool good = ip.has_value();
    if (good && slash != std::string::npos) {
        const std::string tail = text.substr(slash + 1);
        good = !tail.empty() && tail.size() <= 2 && tail.find_first_not_of("0123456789") == std::string::npos;
        if (good) bits = static_cast<unsigned>(std::stoul(tail));
        good = good && bits <= prefix_most;
    }
    if (!good) throw std::invalid_argument(std::string(stack.name()) + ": \"" + text + "\" is no IPv4 address with prefix length, \"10.0.0.1/24\"");
    if (!outlets.count(adapter)) {
        below.bind(self, {driver::protocol::ether_type, packet::ether_type::ipv4}, adapter);
        below.bind(self, {driver::protocol::ether_type, packet::ether_type::ipv6}, adapter);
        below.bind(self, {driver::protocol::ether_type, packet::ether_type::arp}, adapter);
    }
    interfaces.push_back({adapter, *ip, bits});
    auto& o = outlets[adapter];
    if (!o) o = std::make_unique<outlet>(below, self, adapter, config.buffers, station);
}

int protocol_stack_100::machinery::route(ipv4_address to, ipv4_address& next_hop) const {
    for (std::size_t i = 0; i < interfaces.size(); ++i) {
        next_hop = to;
        if (interfaces[i].local(to) || to == everybody || to >> 28 == 0xE) return static_cast<int>(i);
    }
    for (std::size_t i = 0; gateway && i < interfaces.size(); ++i) {
        next_hop = gateway;
        if (interfaces[i].local(gateway)) return static_cast<int>(i);
    }
    return -1;
}

buffer* protocol_stack_100::machinery::take(completion_user* u, std::uint64_t tag, unsigned frames) {
    if (pool.left() < frames) {
        count(stack_metric::no_buffer);
        if (u && std::none_of(wanting.begin(), wanting.end(), [u](const wish& w) { return w.user == u; })) wanting.push_back({u, frames});
        return nullptr;
    }
    buffer* b = pool.take();
    b->next = b->first = nullptr;
    b->holder = u;
    b->tag = tag;
    b->packet.insert_checksums = false;
    b->packet.protection = {};
    b->ring = nullptr;
    return b;
}

void protocol_stack_100::machinery::fill(host::cpu& c, buffer& b, trace_id id) {
    ram.write(b.address, out.data(), out.size(), c.now());
    b.packet.bytes = b.packet.pieces[0].bytes = static_cast<std::uint32_t>(out.size());
    b.packet.id = id;
}

packet::ipv4_fields protocol_stack_100::machinery::unnumbered(unsigned interface, ipv4_address to, std::uint8_t protocol) const {
    packet::ipv4_fields f;
    f.source = interfaces[interface].ip;
    f.destination = to;
    f.protocol = protocol;
    f.ttl = static_cast<std::uint8_t>(config.time_to_live);
    return f;
}

trace_id protocol_stack_100::machinery::newborn(std::uint32_t octets, ps at) {
    if (!station.watched()) return 0;
    const trace_id id = station.next_id();
    station.born(id, 0, on_wire(octets), at);
    return id;
}

trace_id protocol_stack_100::machinery::made_of(trace_id before, std::uint32_t octets, ps at) {
    if (!before) return 0;
    const trace_id id = station.next_id();
    station.born(id, before, octets, at);
    return id;
}

way_out protocol_stack_100::machinery::way(unsigned interface, packet::ipv4_fields& f, const ports& p, std::size_t octets, ps now) const {
    way_out w;
    const unsigned adapter = interfaces[interface].adapter;
    if (policies) policies->plan(w, {f.source, f.destination, f.protocol, true, p.source, p.destination}, octets, adapter, now);
    if (w.fate == fate::goes && !w.policy) {
        const std::size_t path = paths.to(f.destination, below.able(adapter).mtu);
        w.by_cpu = octets > path;
        if (w.by_cpu) w.piece = path, w.frames = pieces_of(octets, path);
    }
    f.dont_fragment = !config.may_fragment && !w.piece;
    return w;
}

void protocol_stack_100::machinery::send_ip(host::cpu& c, unsigned interface, ipv4_address hop, buffer& b, trace_id id, const way_out& w) {
    if (w.fate == fate::goes && w.by_cpu) return send_pieces(c, interface, hop, b, id, w);
    if (policies) policies->look(b, w, c.now());
    fill(c, b, id);
    if (policies) c.spend(of(cost::policy));
    if (w.fate != fate::goes) return policies->refuse(c, b, w.fate);
    const driver::mac_address& own = mac(interfaces[interface]);
    ram.write(b.address + own.size(), own.data(), own.size(), c.now());
    if (w.six ? find_ipv6(c, hop, b) : resolve(c, interface, hop, b)) transmit(c, interface, b);
}

void protocol_stack_100::machinery::address(buffer& b, const driver::mac_address& to, ps at) {
    for (buffer* p = &b; p; p = p->next) ram.write(p->address, to.data(), to.size(), at);
}

void protocol_stack_100::machinery::transmit(host::cpu& c, unsigned interface, buffer& b) {
    outlet& to = *outlets.at(interfaces[interface].adapter);
    for (buffer *p = &b, *next = nullptr; p; p = next) {
        next = p->next;                           // it may complete at once
        if (p->first) leaving.erase(std::find(leaving.begin(), leaving.end(), p));
        posted(p->packet.id, c.now());
        if (p->ring) rings->send(c, interfaces[interface].adapter, *p);
        else to.send(c, *p);
    }
}

void protocol_stack_100::machinery::lose(host::cpu& c, buffer& b, stack_outcome o) {
    for (buffer *p = &b, *next = nullptr; p; p = next) {
        next = p->next;
        if (p->first) leaving.erase(std::find(leaving.begin(), leaving.end(), p));
        end(p->packet.id, o, c.now());
        complete(c, *p, driver::status::not_done);
    }
}

// Of a datagram in pieces its sender hears once, when the last of them is done.
void protocol_stack_100::machinery::complete(host::cpu& c, buffer& b, driver::status s) {
    if (s == driver::status::done) count(stack_metric::sent);
    else count(stack_metric::failed);
    if (s == driver::status::refused) end(b.packet.id, stack_outcome::refused, c.now());
    buffer& whole = b.first ? *b.first : b;
    if (b.first) {
        if (s != driver::status::done) whole.worst = s;
        if (&whole != &b) pool.give_back(&b);
        if (--whole.open) return;
        s = whole.worst;
    }
    auto* holder = static_cast<completion_user*>(whole.holder);
    const std::uint64_t tag = whole.tag;
    pool.give_back(&whole);
    if (holder) holder->complete(c, tag, s);
    if (wanting.empty() || pool.left() < wanting.front().frames) return;
    completion_user* next = wanting.front().user;
    wanting.erase(wanting.begin());
    next->room(c);
}

}  // namespace nicteam::stack
