// ARP, RFC 826; cache and queues as RFC 1122 2.3.2 asks for.
#include <algorithm>

#include "stack/transport.h"

namespace nicteam::stack {

bool protocol_stack_100::machinery::resolve(host::cpu& c, unsigned interface, ipv4_address ip, buffer& b) {
    const stack::interface& i = interfaces[interface];
    packet::mac_address to{};
    if (ip == 0xFFFF'FFFF || (i.bits < 31 && ip == (i.ip | ~i.mask()))) {
        to = packet::broadcast_mac;
    } else if (ip >> 28 == 0xE) {                 // RFC 1112 6.4: the low 23 bits of a group
        to = {0x01, 0x00, 0x5E, static_cast<std::uint8_t>(ip >> 16 & 0x7F), static_cast<std::uint8_t>(ip >> 8), static_cast<std::uint8_t>(ip)};
    } else {
        neighbour& n = neighbours[{interface, ip}];
        if (!n.known || (!n.permanent && c.now() - n.since > config.arp_lifetime)) {
            if (n.waiting.size() >= config.arp_queue) {      // the oldest makes room: RFC 1122 2.3.2.2 keeps the latest
                buffer* oldest = n.waiting.front();
                n.waiting.erase(n.waiting.begin());
                count(stack_metric::unresolved);
                lose(c, *oldest, stack_outcome::unresolved);
            }
            neighbour& same = neighbours[{interface, ip}];   // completing may have sent, and learned
            same.waiting.push_back(&b);
            if (!same.asking) ask(c, interface, ip);
            return false;
        }
        to = n.mac;
    }
    address(b, to, c.now());
    return true;
}

void protocol_stack_100::machinery::ask(host::cpu& c, unsigned interface, ipv4_address ip) {
    neighbour& n = neighbours[{interface, ip}];
    n.asking = true;
    ++n.attempts;
    c.spend(of(cost::arp));
    if (buffer* b = take(nullptr, 0)) {
        count(stack_metric::arp_requests);
        out.clear();
        packet::build_arp_request(out, mac(interfaces[interface]), interfaces[interface].ip, ip);
        const trace_id id = newborn(static_cast<std::uint32_t>(out.size()), c.now());
        const sim::in_hand at_work(station, id);
        fill(c, *b, id);
        transmit(c, interface, *b);
    }
    c.post(c.now() + config.arp_timeout, [this, interface, ip](host::cpu& k) { asked_long_enough(k, interface, ip); });
}

void protocol_stack_100::machinery::asked_long_enough(host::cpu& c, unsigned interface, ipv4_address ip) {
    neighbour& n = neighbours[{interface, ip}];
    if (!n.asking) return;
    if (n.attempts < config.arp_attempts) return ask(c, interface, ip);
    n.asking = n.known = false;
    n.attempts = 0;
    // Completing may send more to the same address: those ask anew.
    unreachable.insert(unreachable.end(), n.waiting.begin(), n.waiting.end());
    n.waiting.clear();
    while (!unreachable.empty()) {
        buffer* b = unreachable.front();
        unreachable.erase(unreachable.begin());
        count(stack_metric::unresolved);
        lose(c, *b, stack_outcome::unresolved);
    }
}

void protocol_stack_100::machinery::learn(host::cpu& c, unsigned interface, ipv4_address ip, const driver::mac_address& m) {
    neighbour& n = neighbours[{interface, ip}];
    if (!n.permanent) n.mac = m;
    if (tcp) tcp->learned(c, interface, ip, n.mac);
    n.known = true;
    n.asking = false;
    n.attempts = 0;
    n.since = c.now();
    while (!n.waiting.empty()) {
        buffer* b = n.waiting.front();
        n.waiting.erase(n.waiting.begin());
        address(*b, n.mac, c.now());
        transmit(c, interface, *b);
    }
}

void protocol_stack_100::machinery::arp(host::cpu& c, unsigned interface, packet::octets payload, trace_id id) {
    c.spend(of(cost::arp));
    const auto m = packet::arp_message::parse(payload);
    if (!m) {
        count(stack_metric::bad_header);
        return end(id, stack_outcome::bad_header, c.now());
    }
    end(id, stack_outcome::consumed, c.now());
    // RFC 826: known senders are updated; who asks for us is learned.
    const bool for_us = m->target_ip == interfaces[interface].ip;
    if (for_us || neighbours.count({interface, m->sender_ip})) learn(c, interface, m->sender_ip, m->sender_mac);
    if (!for_us || m->operation != packet::arp_operation::request) return;
    buffer* b = take(nullptr, 0);
    if (!b) return;
    c.spend(of(cost::arp));
    count(stack_metric::arp_replies);
    out.clear();
    packet::build_arp_reply(out, mac(interfaces[interface]), interfaces[interface].ip, *m);
    const trace_id reply = newborn(static_cast<std::uint32_t>(out.size()), c.now());
    const sim::in_hand at_work(station, reply);
    fill(c, *b, reply);
    transmit(c, interface, *b);
}

}  // namespace nicteam::stack
