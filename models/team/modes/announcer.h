// Gratuitous announcements through a new active member: the first at once, the others in equal distances (Linux bonding: num_grat_arp, peer_notif_delay).
#pragma once

#include <algorithm>

#include "nicteam/team/mode_config.h"

namespace nicteam::team {

// A delay is kept in whole intervals of the monitor, at least one.
inline ps announcement_distance(const mode_config& c) {
    return c.monitor_interval ? std::max<ps>(1, c.peer_notif_delay / c.monitor_interval) * c.monitor_interval : c.peer_notif_delay;
}

class announcer {
public:
    announcer(std::uint32_t count, ps distance) : count_(count), distance_(distance) {}

    void begin(unsigned member, ps now, actions& a) {
        member_ = member;
        left_ = member == no_member ? 0 : count_;
        next_ = left_ ? now : never;
        due(now, a);
    }
    void due(ps now, actions& a) {
        if (now < next_) return;
        a.announcements.push_back(member_);
        next_ = --left_ && distance_ ? now + distance_ : never;
    }
    ps next() const { return next_; }

private:
    std::uint32_t count_;
    ps distance_;
    unsigned member_ = no_member;
    std::uint32_t left_ = 0;
    ps next_ = never;
};

}  // namespace nicteam::team
