// Through which member each client sends to us (balance-alb of Linux bonding): a client is told one member's address by ARP, and told anew when that changes.
#pragma once

#include <array>

#include "nicteam/packet/arp.h"
#include "team/modes/address_book.h"

namespace nicteam::team {

class receive_table {
public:
    // The member for whom an ARP message of ours asks to be answered, or answers: of `usable`, the fastest in turn.
    unsigned choose(const packet::arp_message&, const std::vector<unsigned>& usable, const members&, ps now);
    // Our request went to all with the team's address: who had been told another is told again, behind the answers.
    void asked(packet::ipv4_address own, unsigned receiver, ps now);
    // An ARP message came in.
    void heard(const packet::arp_message&, ps now);

    void lost(unsigned member, const std::vector<unsigned>& usable, const members&, ps now);
    void gained(const std::vector<unsigned>& usable, const members&, ps now);
    void moved(unsigned member, ps now);          // its address is another

    ps next() const { return tell_at_; }
    // `receiver`: who takes clients whose place another took.
    void due(const address_book&, unsigned receiver, ps now, actions&);

    static constexpr ps tick = 100 * millisecond, pause = 2 * second;      // until clients are told; between two tellings
    static constexpr unsigned retries = 3, burst = 2;                      // tellings more after a loss; ARP replies each time

private:
    struct client {
        bool assigned = false, tell = false;
        packet::ipv4_address own = 0, address = 0;
        mac_address own_mac{}, mac{};             // of the ARP message of ours; the client's, broadcast while unknown
        unsigned member = no_member;
        bool known() const { return mac != packet::broadcast_mac; }
    };
    client& place_of(packet::ipv4_address);
    unsigned next_member(const std::vector<unsigned>& usable, const members&);
    void mark(client&, ps now);
    void schedule(ps now);
    static void tell(const client&, const address_book&, actions&);

    std::array<client, 256> clients_{};
    std::vector<client> displaced_;               // whose place another took
    unsigned last_ = no_member;
    ps tell_at_ = never, not_before_ = 0;
    unsigned retries_left_ = 0;
};

}  // namespace nicteam::team
