// By which member a frame leaves is bound late. The mode is asked when a packet comes, since 314 is about that member; what comes back from an engine or has
// waited for room leaves as the mode has it then. What a mode writes into a header for a member is written last, and taken back when the frame goes back.
#include <algorithm>

#include "nicteam/packet/ethernet.h"
#include "team/machinery.h"

namespace nicteam::team {
namespace {

constexpr unsigned source_at = 6, arp_sender_at = packet::ethernet_header + 8, address_octets = 6;       // IEEE 802.3, 3.2.4; RFC 826: ar$sha

}  // namespace

// Whatever a mode goes by when it chooses: who is usable, who carries traffic, whose address is whose.
bool augmentation_layer_250::machinery::begins_turn(bool members_changed) {
    unsigned now = 0;
    for (unsigned n = 0; n < members_count(); ++n) now |= setup.mode->carries(n) ? 1u << n : 0u;
    if (std::exchange(carrying, now) == now && !members_changed && wanted.addresses.empty()) return false;
    ++turn;
    return true;
}

frame_view augmentation_layer_250::machinery::look(std::uint64_t address, std::uint32_t first, std::uint32_t whole, ps at) {
    const auto n = std::min(first, looked_at);
    ram.read(address, head.data(), n, at);
    return {{head.data(), n}, whole};
}

choice augmentation_layer_250::machinery::choose(const frame_view& v, ps now) {
    choice w;
    w.turn = turn;
    if (begun) setup.mode->choose(v, members, now, w.to);
    schedule(now);
    return w;
}

// The header is rewritten where it lies: 202 repackages for the member's driver (¶23).
void augmentation_layer_250::machinery::write(const route& r, std::uint64_t address, ps at) {
    for (unsigned n = 0; n < r.patched; ++n) ram.write(address + r.patches[n].offset, r.patches[n].mac.data(), address_octets, at);
}

// Stacks send under the team's address: where another one stands, a mode wrote it.
void augmentation_layer_250::machinery::restore(std::uint64_t address, std::uint32_t bytes, ps at) {
    const frame_view v = look(address, bytes, bytes, at);
    const auto put = [&](unsigned offset) {
        if (!std::equal(setup.mac.begin(), setup.mac.end(), v.octets.data + offset)) ram.write(address + offset, setup.mac.data(), address_octets, at);
    };
    put(source_at);
    if (v.octets.size >= arp_sender_at + address_octets && packet::get16(v.octets.data + packet::ethernet_header - 2) == packet::ether_type::arp) put(arp_sender_at);
}

// What the layer has made of a packet, by whom the mode names now: a member may have failed, or taken its place back, meanwhile.
void augmentation_layer_250::machinery::depart(host::cpu& c, carrier& k, choice w) {
    c.spend(costs.repackage, std::max(1u, w.to.count));
    if (!is_of_now(w)) w = choose(look(k, c.now()), c.now());
    driver::packet& original = *k.original;
    if (!w.to.count) {
        end(k.packet.id, team_outcome::no_member, c.now());
        count(team_metric::no_member);
        put(k);
        return hand_up(c, original, driver::status::failed);
    }
    if (w.to.count > 1) {
        send_copies(c, original, k.packet, w.to);
        return put(k);
    }
    write(w.to, k.address, c.now());
    k.port = w.to.to[0];
    k.turn = w.turn;
    send_carrier(c, k);
}

void augmentation_layer_250::machinery::send_again(host::cpu& c, carrier& k) {
    restore(k.address, k.packet.bytes, c.now());
    depart(c, k, choose(look(k, c.now()), c.now()));
}

void augmentation_layer_250::machinery::bind_anew(host::cpu& c) {
    for (queue_of& w : waiting)
        for (;;) {
            const auto at = std::find_if(w.all.begin(), w.all.end(), [this](const carrier* k) { return !k->copy && k->turn != turn; });
            if (at == w.all.end()) break;
            carrier& k = **at;
            w.all.erase(at);
            send_again(c, k);
        }
}

// Of a member that sends for others, so that no switch learns one address at two of its ports: the one that it has, if it carries traffic under it or has it
// for itself; else its permanent one, if nobody has that. Nothing: it has none, and returns what it encrypts.
std::optional<mac_address> augmentation_layer_250::machinery::address_for_others(unsigned member) const {
    const team::member& m = members[member];
    const auto is_anothers = [&](const mac_address& a) {
        for (unsigned n = 0; n < members_count(); ++n)
            if (n != member && members[n].present && members[n].address == a) return true;
        return false;
    };
    if (setup.mode->carries(member) || !is_anothers(m.address)) return m.address;
    if (m.permanent != setup.mac && !is_anothers(m.permanent)) return m.permanent;
    return std::nullopt;
}

bool augmentation_layer_250::machinery::may_send_for_others(unsigned member) const {
    return identities[member]->asked.transmits && members[member].usable && (config.outbound != outbound::transmits || address_for_others(member));
}

// A job that its unit sends, before its unit has it. False: it has no address for that now.
bool augmentation_layer_250::machinery::write_source(const driver::crypto_job& j, unsigned member, ps at) {
    const work* for_itself = own_work_of(j);
    if (config.outbound == outbound::transmits && !for_itself) {
        const auto own_one = address_for_others(member);
        if (own_one) ram.write(j.source + source_at, own_one->data(), address_octets, at);
        return own_one.has_value();
    }
    const auto of = std::find_if(works.begin(), works.end(), [&](const auto& w) { return &w->job == &j; });
    choice& where = (*of)->where;
    restore(j.source, j.length, at);
    if (!is_of_now(where)) {
        const choice now = choose(look(j.source, j.length, j.length, at), at);
        if (for_itself && (now.to.count != 1 || now.to.to[0] != member)) return false;
        if (now.to.count) where = now;
    }
    write(where.to, j.source, at);
    return true;
}

}  // namespace nicteam::team
