#include "team/modes/client_table.h"

namespace nicteam::team {

unsigned client_table::pick(std::uint8_t place, std::uint32_t octets, const std::vector<unsigned>& usable, const members& all) {
    client& c = clients_[place];
    if (c.member == no_member) {
        const auto spare = [&](unsigned m) { return all[m].rate - static_cast<std::int64_t>(load_[m] * 8); };
        c.member = usable.front();
        for (const unsigned m : usable)
            if (spare(m) > spare(c.member)) c.member = m;
        load_[c.member] += c.load;
    }
    c.sent += octets;
    return c.member;
}

void client_table::forget(unsigned member) {
    for (client& c : clients_)
        if (c.member == member) c.member = no_member;
    load_[member] = 0;
}

void client_table::rebalance(unsigned active, unsigned seconds) {
    for (client& c : clients_) {
        if (c.member == no_member) continue;
        c.load = 1 + c.sent / seconds;            // never nothing: one that was silent counts a little
        c.sent = 0;
        c.member = no_member;
    }
    load_ = {};
    if (active != no_member) load_[active] = unbalanced_ / seconds;
    unbalanced_ = 0;
}

}  // namespace nicteam::team
