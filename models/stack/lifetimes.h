// The ends of associations that a host owns, each told once: soft and hard lifetimes (RFC 4301, 4.4.2.1), the last sequence number
// (RFC 4303, 3.3.3).
#pragma once

#include <array>
#include <map>

#include "nicteam/ipsec/association.h"
#include "nicteam/sim/session.h"

namespace nicteam::stack {

class lifetimes {
public:
    enum end : unsigned { soft, hard, numbers, ends };
    // `numbers` null: one that is taken off has none.
    explicit lifetimes(std::array<counter*, ends> counters) : counters_(counters) {}
    // As it is now.
    void look(state::handle h, const ipsec::association& a, ps now) {
        const ipsec::lifetime_state s = a.life(now);
        if (s != ipsec::lifetime_state::fresh) tell(h, soft);
        if (s == ipsec::lifetime_state::hard_expired) tell(h, hard);
        if (counters_[numbers] && a.exhausted()) tell(h, numbers);
    }

private:
    void tell(state::handle h, end e) {
        bool& known = told_[h.index][e];
        if (!known) counters_[e]->add();
        known = true;
    }
    std::array<counter*, ends> counters_;
    std::map<std::uint32_t, std::array<bool, ends>> told_;
};

}  // namespace nicteam::stack
