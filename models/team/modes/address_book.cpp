#include "team/modes/address_book.h"

#include <algorithm>

#include "nicteam/packet/ethernet.h"
#include "nicteam/team/mode_config.h"

namespace nicteam::team {

mac_address team_address(const members& all) { return all.front().permanent; }

void address_book::start(const members& all) {
    team_ = team_address(all);
    for (const member& m : all) {
        current_.push_back(m.present ? m.permanent : mac_address{});
        permanent_.push_back(m.permanent);
        present_.push_back(m.present);
    }
}

unsigned address_book::holder() const {
    for (unsigned m = 0; m < current_.size(); ++m)
        if (present_[m] && current_[m] == team_) return m;
    return no_member;
}

void address_book::refresh(const members& all, actions& a) {
    std::vector<unsigned> came;
    for (unsigned m = 0; m < all.size(); ++m) {
        const bool new_device = all[m].present && (!present_[m] || permanent_[m] != all[m].permanent);
        present_[m] = all[m].present;
        permanent_[m] = all[m].permanent;
        if (new_device) came.push_back(m);
        if (new_device || !all[m].present) current_[m] = {};
    }
    for (const unsigned m : came) {
        current_[m] = permanent_[m];
        if (!used_by_another(m, permanent_[m])) continue;
        // Its own goes with another by now: of those that present devices brought, one is free.
        for (unsigned k = 0; k < all.size(); ++k)
            if (present_[k] && !used_by_another(m, permanent_[k])) {
                give(m, permanent_[k], a);
                break;
            }
    }
}

bool address_book::used_by_another(unsigned than, const mac_address& mac) const {
    for (unsigned m = 0; m < current_.size(); ++m)
        if (m != than && present_[m] && current_[m] == mac) return true;
    return false;
}

void address_book::give(unsigned m, const mac_address& mac, actions& a) {
    if (current_[m] == mac) return;
    current_[m] = mac;
    a.addresses.push_back({m, mac});
}

void address_book::pass_to(unsigned m, actions& a) {
    const unsigned from = holder();
    if (from == m) return;
    const mac_address own = current_[m];
    if (from != no_member) give(from, own, a);
    give(m, team_, a);
}

std::uint16_t ether_type_of(const frame_view& f) { return packet::get16(f.octets.data + 12); }

bool is_group(const frame_view& f) { return f.octets[0] & 1; }

void address_book::write_own(unsigned m, const frame_view& f, bool in_arp, route& out) const {
    constexpr unsigned source_at = 6, arp_sender_at = packet::ethernet_header + 8;       // RFC 826: ar$sha
    if (current_[m] == team_ || !std::equal(team_.begin(), team_.end(), f.octets.data + source_at)) return;
    out.write(source_at, current_[m]);
    if (in_arp && ether_type_of(f) == packet::ether_type::arp) out.write(arp_sender_at, current_[m]);
}

}  // namespace nicteam::team
