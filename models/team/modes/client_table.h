// Which member sends to whom, by load (balance-tlb of Linux bonding): clients are hashed to 256 places; a place takes the member with most rate to spare when it is
// first used, and all places choose anew when what they sent has been counted.
#pragma once

#include <array>

#include "nicteam/team/mode_config.h"

namespace nicteam::team {

class client_table {
public:
    // The member for this place; `usable` is not empty.
    unsigned pick(std::uint8_t place, std::uint32_t octets, const std::vector<unsigned>& usable, const members&);
    // Octets that leave through the active member whatever its load.
    void add_unbalanced(std::uint32_t octets) { unbalanced_ += octets; }
    void forget(unsigned member);                 // its places choose anew
    // All choose anew, by what was sent in this many seconds.
    void rebalance(unsigned active, unsigned seconds);

private:
    struct client {
        unsigned member = no_member;
        std::uint64_t sent = 0, load = 0;         // octets since the last count; octets per second before
    };
    std::array<client, 256> clients_{};
    std::array<std::uint64_t, most_members> load_{};           // octets per second, by member
    std::uint64_t unbalanced_ = 0;
};

}  // namespace nicteam::team
