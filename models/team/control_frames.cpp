// Frames of the team's own: LACPDUs, learning packets, probes, beats, ARP requests, announcements. They wait for no packet: each member has places for its own,
// and what waits for room in a member's driver lets them pass. What is in its transmit ring already is sent before them.
#include "nicteam/packet/arp.h"
#include "team/machinery.h"

namespace nicteam::team {

void augmentation_layer_250::machinery::announce(host::cpu& c, unsigned member) {
    if (!setup.address) return;
    count(team_metric::announcements);
    story.announced(member, c.now());
    packet::build_arp_request(frame_to_send.octets, members[member].address, setup.address, setup.address);
    send_frame(c, member, frame_to_send.octets);
}

void augmentation_layer_250::machinery::send_frame(host::cpu& c, unsigned member, const std::vector<std::uint8_t>& octets) {
    carrier* k = octets.size() <= control_room ? take(free_control[member]) : nullptr;
    if (!k) {
        count(team_metric::control_lost);
        return never_leaves(c, member, {{octets.data(), octets.size()}, static_cast<std::uint32_t>(octets.size())});
    }
    count(team_metric::control_sent);
    ram.write(k->address, octets.data(), octets.size(), c.now());
    k->packet.bytes = k->packet.pieces[0].bytes = static_cast<std::uint32_t>(octets.size());
    k->packet.id = newborn(k->packet.bytes, c.now());
    k->port = member;
    k->under = members[member].address;
    k->made = c.now();
    c.spend(costs.send);
    if (waiting[member].control.empty()) pass_down(c, *k);
    else waiting[member].control.push_back(k);
}

// One that waited until its member had another address would tell a switch what is no longer so.
void augmentation_layer_250::machinery::pass_control(host::cpu& c, carrier& k) {
    if (k.under == members[k.port].address) return pass_down(c, k);
    count(team_metric::control_lost);
    end(k.packet.id, team_outcome::outdated, c.now());
    const frame_view v = look(k, c.now());
    put(k);
    never_leaves(c, k.port, v);
}

void augmentation_layer_250::machinery::left(host::cpu& c, unsigned member, ps made) {
    for (auto& one : setup.monitors) one->left(member, made, c.now());
}

void augmentation_layer_250::machinery::never_leaves(host::cpu& c, unsigned member, const frame_view& v) {
    for (auto& one : setup.monitors) one->lost(member, v, c.now());
}

}  // namespace nicteam::team
