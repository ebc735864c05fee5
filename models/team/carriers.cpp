// Places for packets that the layer has made: what engines gave back, copies, control frames; and what waits for room in a member's driver.
#include <algorithm>
#include <utility>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "team/machinery.h"

namespace nicteam::team {

void augmentation_layer_250::machinery::lay_out() {
    const std::uint64_t places = take_memory(ram, config, members_count());
    const unsigned all = config.buffers + config.control_buffers * members_count();
    free_control.resize(members_count());
    for (unsigned n = 0; n < all; ++n) {
        carriers.push_back(std::make_unique<carrier>());
        carrier& k = *carriers.back();
        own[&k.packet] = &k;
        const bool of_packets = n < config.buffers;
        k.address = places + (of_packets ? std::uint64_t{n} * room : std::uint64_t{config.buffers} * room + std::uint64_t{n - config.buffers} * control_room);
        if (of_packets) works.push_back(std::make_unique<work>());
        else k.control_of = (n - config.buffers) / config.control_buffers;
    }
    for (unsigned n = all; n-- > 0;) put(*carriers[n]);
}

carrier* augmentation_layer_250::machinery::take(std::vector<carrier*>& free) {
    if (free.empty()) return nullptr;
    carrier* k = free.back();
    free.pop_back();
    const std::uint64_t address = k->address;
    k->packet = {};
    k->packet.owner = k;
    k->packet.pieces.assign(1, {address, 0});
    k->in_use = true;
    k->original = nullptr;
    k->copy = k->gone = false;
    k->lies_in = no_member;
    return k;
}

void augmentation_layer_250::machinery::put(carrier& k) {
    k.in_use = false;
    (k.control_of == no_member ? free_carriers : free_control[k.control_of]).push_back(&k);
}

// Behind those that wait already, so that a member's frames keep their order.
void augmentation_layer_250::machinery::send_carrier(host::cpu& c, carrier& k) {
    const queue_of& w = waiting[k.port];
    if (w.all.empty() && w.control.empty()) pass_down(c, k);
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
        return (k.control_of == no_member ? w.all : w.control).push_front(&k);
    }
    driver::packet* const original = k.original;
    put(k);
    if (k.control_of != no_member) left(c, k.port, k.made);
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
    if (!starved || free_carriers.empty() || !above.user()) return;
    if (std::all_of(works.begin(), works.end(), [](const auto& w) { return w->in_use; })) return;
    starved = false;
    above.user()->changed(c, {able.link_rate > 0, able.link_rate, true, c.now()});
}

// There may be room again.
void augmentation_layer_250::machinery::flush(host::cpu& c, unsigned member, bool control_only) {
    queue_of& w = waiting[member];
    if (std::exchange(w.flushing, true)) return;
    w.came_back = false;
    while (!w.came_back && !(w.control.empty() && (control_only || w.all.empty()))) {
        std::deque<carrier*>& first = w.control.empty() ? w.all : w.control;
        carrier& k = *first.front();
        first.pop_front();
        if (k.control_of != no_member) pass_control(c, k);
        else if (k.copy || k.turn == turn) pass_down(c, k);
        else send_again(c, k);
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
