// Which of several aggregators carries the team's traffic (Linux bonding: ad_select).
#pragma once

#include "nicteam/aggregation/lacp.h"
#include "nicteam/team/mode_config.h"

namespace nicteam::team {

class aggregator_choice {
public:
    // `priorities`: of each member.
    aggregator_choice(ad_select by, std::vector<std::uint32_t> priorities) : by_(by), priorities_(std::move(priorities)) {}

    // True when another aggregator, or none, is in use from now on.
    bool hold(const aggregation::lacp&, const members&);
    unsigned in_use() const { return in_use_; }       // its number, or no_member

private:
    struct aggregator {
        unsigned number = no_member, ports = 0;
        std::uint64_t priority = 0;
        std::int64_t bandwidth = 0;
        bool partner = false, individual = true;
    };
    std::vector<aggregator> described(const aggregation::lacp&, const members&) const;
    bool better(const aggregator& than, const aggregator& candidate) const;

    ad_select by_;
    std::vector<std::uint32_t> priorities_;
    unsigned in_use_ = no_member;
};

}  // namespace nicteam::team
