// The engines that jobs use, whoever else asks them.
#pragma once

#include <vector>

#include "nicteam/offload/engine_bank.h"
#include "nicteam/offload/engine_health.h"
#include "nicteam/sim/session.h"

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
    own_engines(const sc_core::sc_object& owner, clock_domain clock, const offload::engine_set& set, const offload::engine_health::setup& h)
        : bank_(owner, clock, set), health_(h) {}
    bool other_key(offload::way w, state::handle h) override { return bank_.other_key(w, h); }
    offload::engine_health& health(offload::way) override { return health_; }
    ps run(offload::way, const std::vector<offload::engine_work>& w, ps ready) override { return bank_.pool.run(w, ready).done; }
    void stop() override { bank_.stop(sim::now()); }

private:
    offload::engine_bank bank_;
    offload::engine_health health_;
};

}  // namespace nicteam::rings
