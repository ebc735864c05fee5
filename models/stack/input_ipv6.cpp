// What the stack takes of IPv6, for the documentation address of an interface: UDP datagrams, whole or in fragments, encrypted where it has the
// association, and ICMPv6 about what it sent. It asks no neighbours, and answers none.
#include "nicteam/packet/transport.h"
#include "stack/machinery.h"
#include "stack/receive_policy.h"
#include "stack/receive_security.h"
#include "stack/send_security.h"
#include "stack/sockets.h"

namespace nicteam::stack {

void protocol_stack_100::machinery::either_ip(host::cpu& c, unsigned interface, packet::octets packet, trace_id id) {
    if (packet[0] >> 4 == 6) ipv6(c, interface, packet, id);
    else ip(c, interface, packet, id);
}

void protocol_stack_100::machinery::ipv6(host::cpu& c, unsigned interface, packet::octets payload, trace_id id) {
    c.spend(of(cost::ip_receive));
    const auto drop = [&](stack_metric m, stack_outcome o) {
        count(m);
        end(id, o, c.now());
    };
    const auto v = packet::ip_view::parse(payload);
    if (!v || v->version != 6) return drop(stack_metric::bad_header, stack_outcome::bad_header);
    const packet::ip_address own = packet::documentation_address(interfaces[interface].ip);
    if (v->destination != own) return drop(stack_metric::not_ours, stack_outcome::not_ours);
    if (security && security->concerns(*v)) return security->take(c, interface, payload, id);
    if (v->is_fragment()) return fragment(c, interface, payload, id);
    if (inbound && !inbound->lets_in(c, *v, id)) return;
    if (v->protocol == packet::ip_protocol::udp) return datagram(c, interface, *v, id);
    if (v->protocol == packet::ip_protocol::icmpv6) return icmp(c, *v, id);
    if (v->protocol == packet::ip_protocol::tcp && tcp) return segment(c, v->packet, id);
    drop(stack_metric::unknown_protocol, stack_outcome::unknown_protocol);
}

void protocol_stack_100::machinery::datagram(host::cpu& c, unsigned interface, const packet::ip_view& v, trace_id id) {
    if (watcher) watcher->rises(v.packet, id, c.now());
    c.spend(of(cost::udp_receive));
    if (!verified) c.spend(of(cost::checksum_byte), v.payload.size);
    const auto drop = [&](stack_metric m, stack_outcome o) {
        count(m);
        end(id, o, c.now());
    };
    const auto u = packet::transport_view::of(v);
    if (u.verdict == packet::transport_verdict::bad_length) return drop(stack_metric::bad_header, stack_outcome::bad_header);
    if (u.verdict != packet::transport_verdict::good) return drop(stack_metric::bad_checksum, stack_outcome::bad_checksum);
    const auto from = packet::documented(v.source);
    for (const auto& s : udp) {
        if (!from || !s->takes(u.destination_port, interfaces[interface].adapter)) continue;
        c.spend(of(cost::copy_byte), u.payload.size);
        if (s->deliver(c, {u.payload, *from, u.source_port, u.destination_port, id, c.now(), true})) return;
    }
    drop(stack_metric::no_socket, stack_outcome::no_socket);
}

// Errors only: nobody asks this stack for an echo over IPv6, nor for its address.
void protocol_stack_100::machinery::icmp(host::cpu& c, const packet::ip_view& v, trace_id id) {
    if (watcher) watcher->rises(v.packet, id, c.now());
    c.spend(of(cost::icmp));
    c.spend(of(cost::checksum_byte), v.payload.size);
    const auto e = packet::icmp_error::parse(v);
    if (e && e->checksum_good) {
        icmp_error(c, *e);
        return end(id, stack_outcome::consumed, c.now());
    }
    count(e ? stack_metric::bad_checksum : stack_metric::unknown_protocol);
    end(id, e ? stack_outcome::bad_checksum : stack_outcome::unknown_protocol, c.now());
}

}  // namespace nicteam::stack
