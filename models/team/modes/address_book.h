// Which individual address each member has at present.
#pragma once

#include "nicteam/team/mode.h"

namespace nicteam::team {

class address_book {
public:
    void start(const members&);
    // After a member came or went: a device that is put in has its own address.
    void refresh(const members&, actions&);

    std::size_t size() const { return current_.size(); }
    const mac_address& of(unsigned member) const { return current_[member]; }
    const mac_address& of_team() const { return team_; }

    void give(unsigned member, const mac_address&, actions&);
    // This member takes the team's address; who had it gets that of this one, so that no two have the same.
    void pass_to(unsigned member, actions&);
    // A frame with the team's address as its source leaves with this member's instead: in the Ethernet header, and in an ARP message's body when
    // `in_arp` says so.
    void write_own(unsigned member, const frame_view&, bool in_arp, route& out) const;

private:
    unsigned holder() const;
    bool used_by_another(unsigned than, const mac_address&) const;

    std::vector<mac_address> current_, permanent_;
    std::vector<bool> present_;
    mac_address team_{};
};

bool is_group(const frame_view&);                 // for several stations
std::uint16_t ether_type_of(const frame_view&);

}  // namespace nicteam::team
