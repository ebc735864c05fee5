#include "team/modes/receive_table.h"

#include <algorithm>

#include "nicteam/packet/ethernet.h"

namespace nicteam::team {

receive_table::client& receive_table::place_of(packet::ipv4_address a) { return clients_[(a ^ a >> 8 ^ a >> 16 ^ a >> 24) & 0xFF]; }

unsigned receive_table::next_member(const std::vector<unsigned>& usable, const members& all) {
    if (usable.empty()) return no_member;
    std::int64_t fastest = 0;
    for (const unsigned m : usable) fastest = std::max(fastest, all[m].rate);
    const auto from = last_ == no_member ? 0u : last_ + 1;
    for (unsigned i = 0; i < all.size(); ++i) {
        const unsigned m = static_cast<unsigned>((from + i) % all.size());
        if (all[m].rate == fastest && std::find(usable.begin(), usable.end(), m) != usable.end()) return last_ = m;
    }
    return no_member;
}

void receive_table::mark(client& c, ps now) {
    c.tell = true;
    schedule(now);
}

void receive_table::schedule(ps now) {
    if (tell_at_ == never) tell_at_ = std::max(now + tick, not_before_);
}

unsigned receive_table::choose(const packet::arp_message& ours, const std::vector<unsigned>& usable, const members& all, ps now) {
    client& c = place_of(ours.target_ip);
    const mac_address mac = ours.operation == packet::arp_operation::request ? packet::broadcast_mac : ours.target_mac;
    if (c.assigned && c.own == ours.sender_ip && c.address == ours.target_ip && c.member != no_member) {
        if (mac != packet::broadcast_mac) c.mac = mac;
        c.own_mac = ours.sender_mac;
        return c.member;
    }
    if (c.assigned && c.known() && !(c.own == ours.sender_ip && c.address == ours.target_ip)) {
        displaced_.push_back(c);
        schedule(now);
    }
    const unsigned m = next_member(usable, all);
    if (m != no_member) c = {true, false, ours.sender_ip, ours.target_ip, ours.sender_mac, mac, m};
    return m;
}

void receive_table::asked(packet::ipv4_address own, unsigned receiver, ps now) {
    not_before_ = now + pause;
    if (tell_at_ != never) tell_at_ = std::max(tell_at_, not_before_);
    for (client& c : clients_)
        if (c.assigned && c.own == own && c.member != receiver && c.known()) mark(c, now);
}

void receive_table::heard(const packet::arp_message& m, ps now) {
    // Somebody else has an address that we spoke for: who was told ours is left alone.
    for (client& c : clients_)
        if (c.assigned && c.own == m.sender_ip && c.own_mac != m.sender_mac) c = {};
    client& c = place_of(m.sender_ip);
    if (m.operation != packet::arp_operation::reply || !c.assigned || c.own != m.target_ip || c.address != m.sender_ip || c.mac == m.sender_mac) return;
    c.mac = m.sender_mac;
    mark(c, now);
}

void receive_table::lost(unsigned member, const std::vector<unsigned>& usable, const members& all, ps now) {
    for (client& c : clients_) {
        if (!c.assigned || c.member != member) continue;
        c.member = next_member(usable, all);
        if (c.member == no_member || !c.known()) continue;
        mark(c, now);
        retries_left_ = retries;
    }
}

void receive_table::gained(const std::vector<unsigned>& usable, const members& all, ps now) {
    for (client& c : clients_) {
        if (!c.assigned) continue;
        const unsigned m = next_member(usable, all);
        if (m == c.member) continue;
        c.member = m;
        if (c.known()) mark(c, now);
    }
}

void receive_table::moved(unsigned member, ps now) {
    for (client& c : clients_)
        if (c.assigned && c.member == member && c.known()) {
            mark(c, now);
            retries_left_ = retries;
        }
}

void receive_table::tell(const client& c, const address_book& addresses, actions& a) {
    packet::arp_message reply{packet::arp_operation::reply, addresses.of(c.member), c.own, c.mac, c.address};
    for (unsigned i = 0; i < burst; ++i) {
        std::vector<std::uint8_t> f;
        packet::append_ethernet(f, c.mac, addresses.of(c.member), packet::ether_type::arp);
        reply.append_to(f);
        packet::pad_to_minimum(f);
        a.frames.push_back({c.member, std::move(f)});
    }
}

void receive_table::due(const address_book& addresses, unsigned receiver, ps now, actions& a) {
    if (now < tell_at_) return;
    for (client& c : displaced_)
        if (receiver != no_member && c.member != receiver) {
            c.member = receiver;
            tell(c, addresses, a);
        }
    displaced_.clear();
    for (client& c : clients_) {
        if (!c.tell || c.member == no_member) continue;
        tell(c, addresses, a);
        c.tell = retries_left_ > 0;
    }
    not_before_ = now + pause;
    tell_at_ = retries_left_ ? not_before_ : never;
    if (retries_left_) --retries_left_;
}

}  // namespace nicteam::team
