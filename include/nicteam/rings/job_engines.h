// The engines that jobs use, whoever else asks them.
#pragma once

#include <vector>

#include "nicteam/offload/engine_bank.h"
#include "nicteam/offload/engine_health.h"

namespace nicteam::rings {

class job_engines {
public:
    virtual ~job_engines() = default;
    // Before run(): their key is another association's; it is this one's from now on.
    virtual bool other_key(offload::way, state::handle) = 0;
    virtual offload::engine_health& health(offload::way) = 0;
    // From edge `ready` on, behind all that asked before; when they are done.
    virtual ps run(offload::way, const std::vector<offload::engine_work>&, ps ready) = 0;
    virtual void stop() = 0;                     // nobody wants what jobs asked for
};

// A unit's own, for both directions.
class own_engines final : public job_engines {
public:
    own_engines(clock_domain clock, const std::vector<unsigned>& groups, const offload::engine_health::setup& h)
        : clock_(clock), groups_(groups), bank_(clock, groups), health_(h) {}
    bool other_key(offload::way w, state::handle h) override { return bank_.other_key(w, h); }
    offload::engine_health& health(offload::way) override { return health_; }
    ps run(offload::way, const std::vector<offload::engine_work>& w, ps ready) override { return bank_.pool.run(w, ready).done; }
    void stop() override { bank_.pool = offload::engine_pool(clock_, groups_); }

private:
    clock_domain clock_;
    std::vector<unsigned> groups_;
    offload::engine_bank bank_;
    offload::engine_health health_;
};

}  // namespace nicteam::rings
