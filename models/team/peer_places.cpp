// What an engine returns may lie in the own memory of the adapter that is to send it, where the engine writes it peer to peer: one crossing of the bus
// less. Each carrier has its place in each member; the Ethernet header stays in memory of the host, where modes write into it.
#include <algorithm>

#include "nicteam/packet/ethernet.h"
#include "team/machinery.h"

namespace nicteam::team {
namespace {

constexpr auto header = static_cast<std::uint32_t>(packet::ethernet_header);

}  // namespace

std::size_t places_in_member(const team_config& c) { return c.returned_to ? std::size_t{c.buffers} * room : 0; }

// A member whose window nobody has placed yet, or several members at once: memory of the host.
void augmentation_layer_250::machinery::place_result(work& w) {
    w.in_device = false;
    w.destination = w.transmit ? 0 : w.place->address + header;
    w.room = w.transmit ? 0 : room - header;
    if (!config.returned_to || w.transmit || w.kind != work::what::out || w.where.to.count != 1) return;
    const unsigned to = w.where.to.to[0];
    const auto& memory = setup.members[to].memory;
    const std::uint64_t window = memory ? memory() : 0;
    if (!window) return;
    w.in_device = true;
    w.destination = window + (w.place->address - carriers.front()->address);
    w.place->lies_in = to;
}

// The header as the stack made it, but for the version of IP: that of the association's ends.
void augmentation_layer_250::machinery::repackage(work& w, carrier& k, ps at) {
    std::uint8_t head_of[header];
    ram.read(w.original->pieces[0].address, head_of, header, at);
    packet::put16(head_of + header - 2, pool().parameters(w.association).destination.version == 6 ? packet::ether_type::ipv6 : packet::ether_type::ipv4);
    ram.write(k.address, head_of, header, at);
    k.packet.bytes = header + w.written;
    if (k.lies_in == no_member) k.packet.pieces.assign(1, {k.address, k.packet.bytes});
    else k.packet.pieces.assign({{k.address, header}, {w.destination, w.written}});
}

bool augmentation_layer_250::machinery::lost_with_member(host::cpu& c, work& w) {
    if (!w.place->gone) return false;
    driver::packet& p = *w.original;
    release(w);
    drop(c, p, team_metric::gone_with_member, team_outcome::gone_with_member, driver::status::failed);
    return true;
}

// What is in a driver's ring is the driver's to give back. Users may send more from within.
void augmentation_layer_250::machinery::lose_places(host::cpu& c, unsigned member) {
    for (const auto& w : works)
        if (w->in_use && w->place && w->place->lies_in == member) w->place->gone = true;
    for (queue_of& q : waiting)
        for (;;) {
            const auto at = std::find_if(q.all.begin(), q.all.end(), [member](const carrier* k) { return k->lies_in == member; });
            if (at == q.all.end()) break;
            carrier& k = **at;
            q.all.erase(at);
            driver::packet& original = *k.original;
            end(k.packet.id, team_outcome::gone_with_member, c.now());
            count(team_metric::gone_with_member);
            put(k);
            hand_up(c, original, driver::status::failed);
        }
}

}  // namespace nicteam::team
