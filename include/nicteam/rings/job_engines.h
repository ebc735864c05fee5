// The engines that jobs use, whoever else asks them.
#pragma once

#include <utility>

#include "nicteam/offload/engine_pool.h"
#include "nicteam/offload/engine_timing.h"
#include "nicteam/state/handle.h"

namespace nicteam::rings {

class job_engines {
public:
    virtual ~job_engines() = default;
    // Before run(): their key is another association's; it is this one's from now on.
    virtual bool other_key(offload::way, state::handle) = 0;
    // From edge `ready` on, behind all that asked before; when they are done.
    virtual ps run(offload::way, const offload::engine_work&, ps ready) = 0;
    virtual void stop() = 0;                     // nobody wants what jobs asked for
};

// A unit's own, for both directions.
class own_engines final : public job_engines {
public:
    own_engines(clock_domain clock, const std::vector<unsigned>& groups) : clock_(clock), groups_(groups), pool_(clock, groups) {}
    bool other_key(offload::way, state::handle h) override { return std::exchange(key_, h) != h; }
    ps run(offload::way, const offload::engine_work& w, ps ready) override { return pool_.run({w}, ready).done; }
    void stop() override { pool_ = offload::engine_pool(clock_, groups_); }

private:
    clock_domain clock_;
    std::vector<unsigned> groups_;
    offload::engine_pool pool_;
    state::handle key_;
};

}  // namespace nicteam::rings
