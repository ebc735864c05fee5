// Which of several members a frame takes.
#pragma once

#include "nicteam/team/mode_config.h"

namespace nicteam::team {

class spread {
public:
    virtual ~spread() = default;
    // An index into `usable`, which is not empty.
    virtual std::size_t pick(const frame_view&, const std::vector<unsigned>& usable, const members&) = 0;
};

// By a hash of the flow: its frames stay in order.
class spread_by_hash : public spread {
public:
    explicit spread_by_hash(aggregation::hash_policy p) : policy_(p) {}
    std::size_t pick(const frame_view& f, const std::vector<unsigned>& usable, const members&) override {
        return aggregation::flow_hash(policy_, f.octets) % usable.size();
    }

private:
    aggregation::hash_policy policy_;
};

class spread_in_turn : public spread {
public:
    std::size_t pick(const frame_view&, const std::vector<unsigned>& usable, const members&) override { return turn_++ % usable.size(); }

private:
    std::size_t turn_ = 0;
};

// Where the frame would be sent first: by what waits at each member and its rate. Of equals, the next behind the last.
class spread_by_load : public spread {
public:
    std::size_t pick(const frame_view&, const std::vector<unsigned>& usable, const members&) override;

private:
    std::size_t turn_ = 0;
};

std::unique_ptr<spread> make_spread(const mode_config&);      // of mode `alb`, by its `balance`

}  // namespace nicteam::team
