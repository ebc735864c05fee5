// What the stack takes of IPv6: whole UDP datagrams for the documentation address of an interface. It sends none, and asks no neighbours.
#include "nicteam/packet/transport.h"
#include "stack/machinery.h"
#include "stack/receive_policy.h"
#include "stack/sockets.h"

namespace nicteam::stack {

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
    if (v->is_fragment()) return drop(stack_metric::unknown_protocol, stack_outcome::unknown_protocol);      // its block puts together
    if (inbound && !inbound->lets_in(c, *v, id)) return;
    if (v->protocol != packet::ip_protocol::udp) return drop(stack_metric::unknown_protocol, stack_outcome::unknown_protocol);
    c.spend(of(cost::udp_receive));
    if (!verified) c.spend(of(cost::checksum_byte), v->payload.size);
    const auto u = packet::transport_view::of(*v);
    if (u.verdict == packet::transport_verdict::bad_length) return drop(stack_metric::bad_header, stack_outcome::bad_header);
    if (u.verdict != packet::transport_verdict::good) return drop(stack_metric::bad_checksum, stack_outcome::bad_checksum);
    for (const auto& s : udp) {
        if (!s->takes(u.destination_port, interfaces[interface].adapter)) continue;
        c.spend(of(cost::copy_byte), u.payload.size);
        constexpr std::size_t v4_at = 12;      // in a documentation address
        if (s->deliver(c, {u.payload, packet::get32(v->source.octets.data() + v4_at), u.source_port, u.destination_port, id, c.now()})) return;
    }
    drop(stack_metric::no_socket, stack_outcome::no_socket);
}

}  // namespace nicteam::stack
