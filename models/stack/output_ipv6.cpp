// What the stack sends over IPv6 (RFC 8200): UDP, and ICMPv6 about fragments. Neighbours are known, nobody is asked; it alone cuts what it sends.
#include "nicteam/packet/checksum.h"
#include "stack/machinery.h"
#include "stack/send_security.h"
#include "stack/sockets.h"

namespace nicteam::stack {
namespace {

constexpr std::size_t longest_payload = 65'535;       // octets behind the header: RFC 8200, 3
constexpr std::size_t checksum_at = 6;                // in a UDP header

}  // namespace

packet::ip_fields protocol_stack_100::machinery::unnumbered_ipv6(unsigned interface, ipv4_address to, std::uint8_t protocol) const {
    packet::ip_fields f;
    f.source = packet::documentation_address(interfaces[interface].ip);
    f.destination = packet::documentation_address(to);
    f.protocol = protocol;
    f.hop_limit = static_cast<std::uint8_t>(config.time_to_live);
    return f;
}

way_out protocol_stack_100::machinery::way(unsigned interface, const packet::ip_fields& f, const ports& p, std::size_t octets, ps now) const {
    way_out w;
    w.six = true;
    const unsigned adapter = interfaces[interface].adapter;
    if (policies) policies->plan(w, {f.source, f.destination, f.protocol, true, p.source, p.destination}, octets, adapter, now);
    if (w.fate == fate::goes && !w.policy) {
        const std::size_t path = paths.to_ipv6(*packet::documented(f.destination), below.able(adapter).mtu);
        w.by_cpu = octets > path;
        if (w.by_cpu) w.piece = path, w.frames = pieces_of(octets, path, true);
    }
    return w;
}

bool protocol_stack_100::machinery::find_ipv6(host::cpu& c, ipv4_address to, buffer& b) {
    const auto it = known_ipv6.find(to);
    if (it == known_ipv6.end()) {
        count(stack_metric::unresolved);
        lose(c, b, stack_outcome::unresolved);
        return false;
    }
    address(b, it->second, c.now());
    return true;
}

// One count for each path, whoever cuts and at whatever depth (RFC 8200, 4.5).
std::uint32_t protocol_stack_100::machinery::next_identification(packet::octets datagram, ps at) {
    const auto v = packet::ip_view::parse(datagram);
    return v && v->version == 6 ? identifications.next(v->source, v->destination, v->protocol, at) : 0;
}

// The checksum is never left out (RFC 8200, 8.1). Only the crypto block inserts it: the parser of an 82550 knows no IPv6.
driver::status udp_socket::send_ipv6(host::cpu& c, const destination& d, packet::octets data, trace_id id, std::uint64_t tag) {
    ipv4_address hop = 0;
    const int interface = stack_.route(d.to, hop);
    if (interface < 0) stack_.count(stack_metric::no_route);
    const std::size_t octets = packet::udp_header + data.size;
    if (interface < 0 || octets > longest_payload) return driver::status::refused;
    const auto through = static_cast<unsigned>(interface);
    const packet::ip_fields f = stack_.unnumbered_ipv6(through, d.to, packet::ip_protocol::udp);
    const way_out w = stack_.way(through, f, {port_, d.port}, packet::ipv6_header + octets, c.now());
    if (w.frames > stack_.config.buffers) return driver::status::refused;
    c.spend(of(cost::udp_send));
    c.spend(of(cost::copy_byte), data.size);
    const bool offloaded = w.policy && !w.by_cpu && !w.by_ring && stack_.below.able(stack_.interfaces[through].adapter).checksums;
    if (!offloaded) c.spend(of(cost::checksum_byte), octets);
    c.spend(of(cost::ip_send));
    buffer* b = stack_.take(this, tag, w.frames);
    if (!b) return driver::status::no_room;
    bytes& out = stack_.out;
    out.clear();
    packet::append_ethernet(out, {}, {}, packet::ether_type::ipv6);
    packet::append_ip(out, f, octets);
    const std::size_t udp_at = packet::append_udp_header(out, port_, d.port, data.size);
    out.insert(out.end(), data.data, data.data + data.size);
    const std::uint32_t pseudo = packet::pseudo_header_sum(f.source, f.destination, f.protocol, octets);
    const std::uint16_t sum = packet::internet_checksum(packet::octets(out).from(udp_at), pseudo);
    packet::put16(&out[udp_at + checksum_at], offloaded ? packet::internet_sum({}, pseudo) : sum ? sum : 0xFFFF);
    b->packet.insert_checksums = offloaded;
    stack_.send_ip(c, through, d.to, *b, id, w);
    return driver::status::done;
}

void protocol_stack_100::machinery::send_icmp_ipv6(host::cpu& c, packet::octets datagram) {
    const auto v = packet::ip_view::parse(datagram);
    const ipv4_address to = *packet::documented(v->destination);
    ipv4_address hop = 0;
    const auto interface = static_cast<unsigned>(route(to, hop));
    const packet::ip_fields f = unnumbered_ipv6(interface, to, v->protocol);
    const way_out w = way(interface, f, {packet::get16(v->payload.data), 0}, datagram.size, c.now());
    send_message(c, interface, to, w, packet::ether_type::ipv6, v->payload, [&] { packet::append_ip(out, f, v->payload.size); });
}

}  // namespace nicteam::stack
