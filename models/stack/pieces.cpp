// What the CPU makes of a datagram before it leaves: pieces, and with policies what came out of its associations.
#include <stdexcept>

#include "nicteam/packet/fragment.h"
#include "stack/machinery.h"
#include "stack/send_security.h"

namespace nicteam::stack {

void protocol_stack_100::machinery::send_pieces(host::cpu& c, unsigned interface, ipv4_address hop, buffer& b, trace_id id, const way_out& w) {
    const packet::octets datagram = packet::octets(out).from(packet::ethernet_header);
    pieces.clear();
    if (policies) {
        policies->look(b, w, c.now());
        c.spend(of(cost::policy));
    }
    if (!w.policy) packet::fragment(datagram, w.piece, next_identification(datagram, c.now()), pieces);
    else if (const fate f = policies->put_on(c, w, datagram, pieces); f != fate::goes) {
        fill(c, b, id);
        return policies->refuse(c, b, f);
    }
    if (pieces.size() > w.frames) throw std::logic_error("more pieces than were counted");
    if (w.piece) {
        count(stack_metric::cut);
        count(stack_metric::fragments_sent, pieces.size());
        for (const bytes& p : pieces) {
            c.spend(of(cost::fragment));
            c.spend(of(cost::copy_byte), p.size());
        }
    }
    const driver::mac_address& own = mac(interfaces[interface]);
    const state::handle device = b.packet.protection;
    const by_ring* const ring = b.ring;
    b.open = 0;
    b.worst = driver::status::done;
    buffer* last = nullptr;
    for (const bytes& p : pieces) {
        buffer& q = last ? *pool.take() : b;
        out.clear();
        packet::append_ethernet(out, {}, own, p[0] >> 4 == 4 ? packet::ether_type::ipv4 : packet::ether_type::ipv6);
        out.insert(out.end(), p.begin(), p.end());
        fill(c, q, made_of(id, on_wire(out.size()), c.now()));
        q.packet.insert_checksums = false;
        q.packet.protection = device;
        q.ring = ring;
        q.next = nullptr;
        q.first = &b;
        if (last) last->next = &q;
        last = &q;
        ++b.open;
        leaving.push_back(&q);
    }
    if (w.policy) policies->end(id, c.now());
    else end(id, stack_outcome::cut, c.now());
    if (w.six ? find_ipv6(c, hop, b) : resolve(c, interface, hop, b)) transmit(c, interface, b);
}

void protocol_stack_100::machinery::send_icmp(host::cpu& c, unsigned interface, ipv4_address hop, packet::octets datagram) {
    const auto v = packet::ipv4_view::parse(datagram);
    packet::ipv4_fields f = unnumbered(interface, v->destination, v->protocol);
    const way_out w = way(interface, f, {packet::get16(v->payload.data), 0}, datagram.size, c.now());
    send_message(c, interface, hop, w, packet::ether_type::ipv4, v->payload, [&] {
        f.identification = identification++;
        packet::append_ipv4(out, f, v->payload.size);
    });
}

void protocol_stack_100::machinery::send_message(host::cpu& c, unsigned interface, ipv4_address hop, const way_out& w, std::uint16_t ether_type,
                                                 packet::octets message, const std::function<void()>& append_header) {
    c.spend(of(cost::icmp));
    c.spend(of(cost::checksum_byte), message.size);
    c.spend(of(cost::ip_send));
    buffer* b = take(nullptr, 0, w.frames);
    if (!b) return;
    out.clear();
    packet::append_ethernet(out, {}, {}, ether_type);
    append_header();
    out.insert(out.end(), message.data, message.data + message.size);
    const trace_id id = newborn(static_cast<std::uint32_t>(out.size()), c.now());
    const sim::in_hand at_work(station, id);
    send_ip(c, interface, hop, *b, id, w);
}

}  // namespace nicteam::stack
