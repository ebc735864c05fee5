#include <algorithm>

#include "stack/machinery.h"
#include "stack/reassembly.h"
#include "stack/receive_policy.h"
#include "stack/receive_security.h"
#include "stack/send_security.h"
#include "stack/sockets.h"
#include "stack/transport.h"

namespace nicteam::stack {

void copy_in(host::memory& ram, const driver::packet& p, bytes& to, ps at) {
    to.resize(p.bytes);
    std::size_t n = 0;
    for (const driver::piece& q : p.pieces) {
        ram.read(q.address, to.data() + n, q.bytes, at);
        n += q.bytes;
    }
}

void protocol_stack_100::machinery::sent(host::cpu& c, unsigned adapter, const driver::packet_list& packets, driver::status s) {
    outlet& o = *outlets.at(adapter);
    for (driver::packet* p : packets) {
        auto& b = *static_cast<buffer*>(p->owner);
        if (s == driver::status::no_room) o.keep(b);
        else complete(c, b, s);
    }
    if (s != driver::status::no_room) o.flush(c);
}

void protocol_stack_100::machinery::received(host::cpu& c, unsigned adapter, const driver::packet_list& packets) {
    for (const driver::packet* p : packets) take_in(c, adapter, *p);
    below.give_back(c, adapter, packets);
}

void protocol_stack_100::machinery::take_in(host::cpu& c, unsigned adapter, const driver::packet& p) {
    count(stack_metric::received);
    count(stack_metric::received_bytes, p.bytes);
    unsigned interface = 0;
    while (interface < interfaces.size() && interfaces[interface].adapter != adapter) ++interface;
    copy_in(ram, p, in, c.now());
    verified = p.checksums == driver::checksum_verdict::good;
    const auto frame = packet::ethernet_view::parse(in);
    if (interface == interfaces.size() || !frame) {
        count(interface == interfaces.size() ? stack_metric::not_ours : stack_metric::bad_header);
        return end(p.id, interface == interfaces.size() ? stack_outcome::not_ours : stack_outcome::bad_header, c.now());
    }
    if (from_nobody(c, in, p.id)) return;
    // Behind Ethernet II or SNAP (RFC 1042); what is sent is Ethernet II.
    if (frame->ether_type == packet::ether_type::arp) return arp(c, interface, frame->payload, p.id);
    if (inbound && !inbound->begin(c, adapter, p)) return;
    if (frame->ether_type == packet::ether_type::ipv6) ipv6(c, interface, frame->payload, p.id);
    else ip(c, interface, frame->payload, p.id);
}

// A frame comes from one station: its source is neither a group nor zero (IEEE 802.3 3.2.3). The chip does not look.
bool protocol_stack_100::machinery::from_nobody(host::cpu& c, packet::octets frame, trace_id id) {
    const std::uint8_t* source = frame.data + packet::mac_address{}.size();     // behind the destination
    const bool zero = std::all_of(source, source + 6, [](std::uint8_t v) { return v == 0; });
    if (!zero && !(source[0] & 1u)) return false;
    count(stack_metric::bad_source);
    end(id, stack_outcome::bad_source, c.now());
    return true;
}

void protocol_stack_100::machinery::ip(host::cpu& c, unsigned interface, packet::octets payload, trace_id id) {
    c.spend(of(cost::ip_receive));
    const auto v = packet::ipv4_view::parse(payload);
    const auto drop = [&](stack_metric m, stack_outcome o) {
        count(m);
        end(id, o, c.now());
    };
    if (!v) return drop(stack_metric::bad_header, stack_outcome::bad_header);
    if (!v->checksum_good) return drop(stack_metric::bad_checksum, stack_outcome::bad_checksum);
    const stack::interface& i = interfaces[interface];
    if (v->destination != i.ip && v->destination != 0xFFFF'FFFF && v->destination != (i.ip | ~i.mask()))
        return drop(stack_metric::not_ours, stack_outcome::not_ours);
    if (security && security->concerns(*v)) return security->take(c, interface, payload, id);
    if (v->is_fragment()) return fragment(c, interface, payload, id);
    if (inbound && !inbound->lets_in(c, *v, id)) return;
    if (v->protocol == packet::ip_protocol::udp) return datagram(c, interface, *v, id);
    if (v->protocol == packet::ip_protocol::icmp) return icmp(c, interface, *v, id);
    if (v->protocol == packet::ip_protocol::tcp && tcp) return segment(c, {v->header.data, v->header.size + v->payload.size}, id);
    drop(stack_metric::unknown_protocol, stack_outcome::unknown_protocol);
}

void protocol_stack_100::machinery::fragment(host::cpu& c, unsigned interface, packet::octets received, trace_id id) {
    const packet::octets piece = packet::ip_view::parse(received)->packet;
    whole.assign(piece.data, piece.data + piece.size);
    if (!again->put_together(c, whole, id, inbound ? inbound->scope() : 0)) return;
    verified = false;
    const sim::in_hand at_work(station, id);
    either_ip(c, interface, {whole.data(), whole.size()}, id);
}

void protocol_stack_100::machinery::datagram(host::cpu& c, unsigned interface, const packet::ipv4_view& v, trace_id id) {
    if (watcher) watcher->rises({v.header.data, v.header.size + v.payload.size}, id, c.now());
    c.spend(of(cost::udp_receive));
    const auto u = packet::udp_view::parse(v);
    if (!u) {
        count(stack_metric::bad_header);
        return end(id, stack_outcome::bad_header, c.now());
    }
    if (u->has_checksum && !verified) c.spend(of(cost::checksum_byte), u->length);
    if (!u->checksum_good) {
        count(stack_metric::bad_checksum);
        return end(id, stack_outcome::bad_checksum, c.now());
    }
    for (const auto& s : udp) {
        if (!s->takes(u->destination_port, interfaces[interface].adapter)) continue;
        c.spend(of(cost::copy_byte), u->payload.size);
        if (s->deliver(c, {u->payload, v.source, u->source_port, u->destination_port, id, c.now()})) return;
    }
    count(stack_metric::no_socket);
    end(id, stack_outcome::no_socket, c.now());
}

void protocol_stack_100::machinery::icmp(host::cpu& c, unsigned interface, const packet::ipv4_view& v, trace_id id) {
    if (watcher) watcher->rises({v.header.data, v.header.size + v.payload.size}, id, c.now());
    c.spend(of(cost::icmp));
    c.spend(of(cost::checksum_byte), v.payload.size);
    const auto e = packet::icmp_echo::parse(v.payload);
    if (!e)
        if (const auto whole_message = packet::ip_view::parse({v.header.data, v.header.size + v.payload.size}))
            if (const auto wrong = packet::icmp_error::parse(*whole_message); wrong && wrong->checksum_good) {
                icmp_error(c, *wrong);
                return end(id, stack_outcome::consumed, c.now());
            }
    if (!e || !e->checksum_good) {
        count(e ? stack_metric::bad_checksum : stack_metric::unknown_protocol);
        return end(id, e ? stack_outcome::bad_checksum : stack_outcome::unknown_protocol, c.now());
    }
    if (e->reply) {
        for (const auto& s : echo)
            if (s->identifier() == e->identifier && s->deliver(c, {e->data, v.source, e->identifier, e->sequence, id, c.now()})) return;
        count(stack_metric::no_socket);
        return end(id, stack_outcome::no_socket, c.now());
    }
    end(id, stack_outcome::consumed, c.now());
    ipv4_address hop = 0;
    const int interface_to_sender = route(v.source, hop);
    if (!config.answer_echo || v.destination != interfaces[interface].ip || interface_to_sender < 0) return;
    count(stack_metric::echo_replies);
    packet::ipv4_fields f = unnumbered(interface, v.source, packet::ip_protocol::icmp);
    const way_out w = way(static_cast<unsigned>(interface_to_sender), f, {}, packet::ipv4_header + v.payload.size, c.now());
    c.spend(of(cost::icmp));
    c.spend(of(cost::checksum_byte), v.payload.size);
    c.spend(of(cost::ip_send));
    buffer* b = take(nullptr, 0, w.frames);
    if (!b) return;
    out.clear();
    packet::append_ethernet(out, {}, {}, packet::ether_type::ipv4);
    f.identification = identification++;
    packet::append_ipv4(out, f, packet::icmp_echo_header + e->data.size);
    packet::append_icmp_echo(out, true, e->identifier, e->sequence, e->data);
    const trace_id reply = newborn(static_cast<std::uint32_t>(out.size()), c.now());
    const sim::in_hand at_work(station, reply);
    send_ip(c, static_cast<unsigned>(interface_to_sender), hop, *b, reply, w);
}

void protocol_stack_100::machinery::segment(host::cpu& c, packet::octets datagram, trace_id id) {
    if (watcher) watcher->rises(datagram, id, c.now());
    const auto v = packet::ip_view::parse(datagram);
    tcp->take(c, v->source, v->destination, v->payload, id);
}

// What quotes a connection's segment is believed if it is under way (RFC 5927). Others are somebody's who sends again, or nobody's.
void protocol_stack_100::machinery::icmp_error(host::cpu& c, const packet::icmp_error& e) {
    const auto told = packet::told_path(e);
    if (tcp && told && told->protocol == packet::ip_protocol::tcp) {
        if (tcp->told(c, *told) && paths.learn(e)) count(stack_metric::too_big);
        return;
    }
    if (policies && policies->learn(c, e)) {
        count(stack_metric::too_big);
        if (tcp) tcp->look_at_paths();
    } else if (paths.learn(e)) {
        count(stack_metric::too_big);
    }
}

}  // namespace nicteam::stack
