// A switch around a simulated team: it floods what is for all, and a host behind it answers ARP. Paths may die while links stay up.
#pragma once

#include "nicteam/packet/arp.h"
#include "simulated_team.h"

namespace nicteam::test {

constexpr packet::ipv4_address team_ip = 0xC0000201, target_ip = 0xC00002FE;
const mac_address target_mac{2, 0, 0, 0, 9, 0xFE};

class simulated_network {
public:
    explicit simulated_network(simulated_team& t) : team(t), path(t.all.size(), true) {
        team.on_frame = [this](unsigned m, const bytes& f) { carry(m, f); };
    }
    // Somebody else's frame for all.
    void broadcast(const bytes& f) {
        for (unsigned m = 0; m < team.all.size(); ++m)
            if (reaches(m)) team.receive(m, f);
    }
    bool reaches(unsigned m) const { return path[m] && team.cable[m] && team.all[m].present; }

    simulated_team& team;
    std::vector<bool> path;                        // of each member through the switch, both ways
    bool target_answers = true;
    std::vector<packet::ipv4_address> targets{target_ip};
    ps delay = 100 * microsecond;
    std::function<bool(unsigned)> lost = [](unsigned) { return false; };       // a frame that this member sends

private:
    void carry(unsigned from, const bytes& f) {
        if (!reaches(from) || lost(from)) return;
        team.at(team.now + delay, [this, from, f] {
            for (unsigned m = 0; m < team.all.size(); ++m)
                if (m != from && reaches(m) && (f[0] & 1)) team.receive(m, f);
            if (!target_answers || !packet::is_arp(f)) return;
            const auto question = packet::arp_message::parse(packet::octets(f).from(14));
            if (question->operation != packet::arp_operation::request || std::find(targets.begin(), targets.end(), question->target_ip) == targets.end()) return;
            bytes reply;
            packet::build_arp_reply(reply, target_mac, question->target_ip, *question);
            if (reaches(from)) team.receive(from, reply);
        });
    }
};

}  // namespace nicteam::test
