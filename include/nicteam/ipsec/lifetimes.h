// The ends of associations, each told once: soft and hard lifetimes (RFC 4301, 4.4.2.1), the last sequence number (RFC 4303, 3.3.3).
#pragma once

#include <array>
#include <map>
#include <utility>

#include "nicteam/base/metrics.h"
#include "nicteam/ipsec/association.h"

namespace nicteam::ipsec {

// It has reached a soft limit, whatever its hard ones say.
inline bool past_soft(const association& a, ps now) {
    const limits& soft = a.cached().soft;
    return (soft.packets && a.packets() >= soft.packets) || (soft.octets && a.octets() >= soft.octets) || (soft.time && now - a.constants().installed >= soft.time);
}

class lifetimes {
public:
    enum end : unsigned { soft, hard, numbers, ends };
    // `numbers` null: of associations that receive.
    explicit lifetimes(std::array<counter*, ends> counters) : counters_(counters) {}
    // As it is now.
    void look(state::handle h, const association& a, ps now) {
        if (past_soft(a, now)) tell(h, soft);
        if (a.life(now) == lifetime_state::hard_expired) tell(h, hard);
        if (counters_[numbers] && a.exhausted()) tell(h, numbers);
    }
    void tell(state::handle h, end e) {
        told& t = told_[h.index];
        if (t.generation != h.generation) t = {h.generation, {}};
        if (!std::exchange(t.ends[e], true)) counters_[e]->add();
    }

private:
    struct told {
        std::uint32_t generation = 0;
        std::array<bool, lifetimes::ends> ends{};
    };
    std::array<counter*, ends> counters_;
    std::map<std::uint32_t, told> told_;
};

}  // namespace nicteam::ipsec
