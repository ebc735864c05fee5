#include <algorithm>
#include <stdexcept>

#include "stack/machinery.h"
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
    if (interfaces.empty()) {
        below.bind(self, {driver::protocol::ether_type, packet::ether_type::ipv4});
        below.bind(self, {driver::protocol::ether_type, packet::ether_type::arp});
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

buffer* protocol_stack_100::machinery::take(completion_user* u, std::uint64_t tag) {
    buffer* b = pool.take();
    if (!b) {
        count(stack_metric::no_buffer);
        if (u && std::find(wanting.begin(), wanting.end(), u) == wanting.end()) wanting.push_back(u);
        return nullptr;
    }
    b->holder = u;
    b->tag = tag;
    b->packet.insert_checksums = false;
    b->packet.protection = {};
    return b;
}

void protocol_stack_100::machinery::fill(host::cpu& c, buffer& b, trace_id id) {
    ram.write(b.address, out.data(), out.size(), c.now());
    b.packet.bytes = b.packet.pieces[0].bytes = static_cast<std::uint32_t>(out.size());
    b.packet.id = id;
}

packet::ipv4_fields protocol_stack_100::machinery::fields(unsigned interface, ipv4_address to, std::uint8_t protocol) {
    packet::ipv4_fields f;
    f.source = interfaces[interface].ip;
    f.destination = to;
    f.protocol = protocol;
    f.ttl = static_cast<std::uint8_t>(config.time_to_live);
    f.identification = identification++;
    return f;
}

trace_id protocol_stack_100::machinery::newborn(std::uint32_t octets, ps at) {
    if (!station.watched()) return 0;
    const trace_id id = station.next_id();
    station.born(id, 0, on_wire(octets), at);
    return id;
}

void protocol_stack_100::machinery::send_ip(host::cpu& c, unsigned interface, ipv4_address hop, buffer& b, trace_id id) {
    using fate = send_security::fate;
    const fate f = policies ? policies->look(b.packet, {out.data(), out.size()}, interfaces[interface].adapter) : fate::goes;
    fill(c, b, id);
    if (policies) c.spend(of(cost::policy));
    if (f != fate::goes) return policies->refuse(c, b, f);
    const driver::mac_address& own = mac(interfaces[interface]);
    ram.write(b.address + own.size(), own.data(), own.size(), c.now());
    if (resolve(c, interface, hop, b)) transmit(c, interface, b);
}

void protocol_stack_100::machinery::transmit(host::cpu& c, unsigned interface, buffer& b) {
    posted(b.packet.id, c.now());
    outlets.at(interfaces[interface].adapter)->send(c, b);
}

void protocol_stack_100::machinery::complete(host::cpu& c, buffer& b, driver::status s) {
    if (s == driver::status::done) count(stack_metric::sent);
    else count(stack_metric::failed);
    if (s == driver::status::refused) end(b.packet.id, stack_outcome::refused, c.now());
    auto* holder = static_cast<completion_user*>(b.holder);
    const std::uint64_t tag = b.tag;
    pool.give_back(&b);
    if (holder) holder->complete(c, tag, s);
    if (wanting.empty() || !pool.left()) return;
    completion_user* next = wanting.front();
    wanting.erase(wanting.begin());
    next->room(c);
}

}  // namespace nicteam::stack
