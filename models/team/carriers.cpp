// Packets that the layer has made: what engines gave back, copies, control frames.
#include <algorithm>
#include <utility>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "team/machinery.h"

namespace nicteam::team {

carrier* augmentation_layer_250::machinery::take() {
    if (free_carriers.empty()) return nullptr;
    carrier* k = free_carriers.back();
    free_carriers.pop_back();
    const std::uint64_t address = k->address;
    k->packet = {};
    k->packet.owner = k;
    k->packet.pieces.assign(1, {address, 0});
    k->in_use = true;
    k->original = nullptr;
    return k;
}

void augmentation_layer_250::machinery::put(carrier& k) {
    k.in_use = false;
    free_carriers.push_back(&k);
}

// Behind those that wait already, so that a member's frames keep their order.
void augmentation_layer_250::machinery::send_carrier(host::cpu& c, carrier& k) {
    if (waiting[k.port].all.empty()) pass_down(c, k);
    else waiting[k.port].all.push_back(&k);
}

void augmentation_layer_250::machinery::pass_down(host::cpu& c, carrier& k) {
    driver::packet_list& list = lists.take();
    list.assign(1, &k.packet);
    const sim::in_hand at_work(station, k.packet.id);
    hand_to(k.port, k.packet.bytes);
    ports->send(c, k.port, list);
    lists.put(list);
}

void augmentation_layer_250::machinery::hand_to(unsigned member, std::uint32_t bytes) {
    members[member].sent_octets += bytes;
    members[member].waiting_octets += bytes;
}

void augmentation_layer_250::machinery::carrier_sent(host::cpu& c, carrier& k, driver::status s) {
    if (s == driver::status::no_room) {
        queue_of& w = waiting[k.port];
        w.came_back = true;
        if (w.flushing) w.all.push_front(&k);
        else w.all.push_back(&k);
        return;
    }
    driver::packet* const original = k.original;
    put(k);
    if (!original) return;
    const auto at = copies.find(original);
    if (at != copies.end()) {
        at->second.done |= s == driver::status::done;
        if (--at->second.open) return;
        if (at->second.done) s = driver::status::done;
        copies.erase(at);
    }
    hand_up(c, *original, s);
}

// Who was told that there is no room tries again when it hears of the link.
void augmentation_layer_250::machinery::relieve(host::cpu& c) {
    if (free_carriers.empty() || !std::exchange(starved, false) || !above.user()) return;
    above.user()->changed(c, {able.link_rate > 0, able.link_rate, true, c.now()});
}

// There may be room again.
void augmentation_layer_250::machinery::flush(host::cpu& c, unsigned member) {
    queue_of& w = waiting[member];
    if (std::exchange(w.flushing, true)) return;
    w.came_back = false;
    while (!w.all.empty() && !w.came_back) {
        carrier& k = *w.all.front();
        w.all.pop_front();
        pass_down(c, k);
    }
    w.flushing = false;
}

trace_id augmentation_layer_250::machinery::made_of(trace_id before, std::uint32_t octets, ps at) {
    if (!before) return 0;
    const trace_id id = station.next_id();
    station.born(id, before, std::max<std::uint32_t>(octets, packet::least_without_fcs) + static_cast<std::uint32_t>(packet::fcs_octets), at);
    return id;
}

trace_id augmentation_layer_250::machinery::newborn(std::uint32_t octets, ps at) {
    if (!station.watched()) return 0;
    const trace_id id = station.next_id();
    station.born(id, 0, std::max<std::uint32_t>(octets, packet::least_without_fcs) + static_cast<std::uint32_t>(packet::fcs_octets), at);
    return id;
}

}  // namespace nicteam::team
