// Jobs and the engines of a pool, without time of its own: a queue for each engine, one in common for jobs that no engine may have yet, and a
// policy that chooses (source documents 000/001, ¶40-49). Every job that is put comes out once: next(), then back(), or stranded(). Plain C++.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/secondary/dispatch.h"
#include "nicteam/secondary/loading_order.h"

namespace nicteam::secondary {

constexpr unsigned most_engines = 64;     // of a pool

// What the pool knows of a job; whoever puts it derives from this, and owns it.
struct pooled_job {
    std::uint32_t octets = 0;             // by which it counts
    std::uint64_t can = ~std::uint64_t{0};       // engines that can do it, a bit each
    std::uint64_t later = 0;              // … and that will by themselves, but not now: it waits for them
    bool spread = true;                   // the policy is asked for it; else the first engine that may have it gets it
    ps given = 0;                         // the pool's own: when its unit got it
};

class job_pool {
public:
    struct limits {
        loading order = loading::in_order;
        std::size_t waiting = 1'024;      // jobs in common
    };
    job_pool(std::unique_ptr<dispatch_policy>, limits);

    unsigned add(const engine_setting&);                          // numbered from 0
    // At run time. What waits for an engine that is down, or has become another's turn, finds another place.
    void set(unsigned engine, const engine_setting&, ps now);
    // Who can do a job has changed: `say` writes `can`, `later` and `spread` anew of each that waits. One that waits for an engine that it may not have now finds another place.
    void reconsider(const std::function<void(pooled_job&)>& say, ps now);
    const engine_setting& setting(unsigned engine) const { return all_.at(engine).set; }
    std::size_t engines() const { return all_.size(); }

    enum class answer : std::uint8_t { taken, full, nobody };     // full: too many wait; nobody: no engine that is up can do it
    answer put(pooled_job&, ps now);

    struct gift {
        unsigned engine = no_engine;
        pooled_job* job = nullptr;        // none: nothing is to be given now
    };
    gift next(ps now);                                            // to its unit; ask until there is none
    void not_taken(unsigned engine, pooled_job&, ps now);         // the unit had no room: it is the engine's first again, until one comes back
    void back(unsigned engine, pooled_job&, bool done, ps now);   // from its unit, done or not

    // The next job that waits though no engine that is up can do it; it is out of the pool. None: nullptr. What is in common finds places before that.
    pooled_job* stranded(ps now);

    unsigned jobs(unsigned engine) const { return waiting(engine) + all_.at(engine).given; }
    unsigned given(unsigned engine) const { return all_.at(engine).given; }
    unsigned waiting(unsigned engine) const { return static_cast<unsigned>(all_.at(engine).queue.size()); }
    std::size_t waiting() const { return common_.size(); }
    std::uint64_t octets(unsigned engine) const { return all_.at(engine).octets; }       // of what it has
    std::uint64_t measured(unsigned engine) const;                // octets per second of late; 0: not known yet
    // How long an engine that may be loaded had no job while one waited that it can do: 0 for policies that let none idle.
    ps idle_with_backlog(ps now);

private:
    struct engine {
        engine_setting set;
        std::deque<pooled_job*> queue;
        unsigned given = 0;
        std::uint64_t octets = 0;         // of what it has
        bool full = false;                // its unit had no room: nothing is given before one comes back
        ps last_back = 0;
        std::uint64_t done_octets = 0;    // of late, and the time that they took
        ps done_time = 0;
    };
    bool waits_for(unsigned n, const pooled_job& j) const { return all_[n].set.up && ((j.can | j.later) >> n & 1u); }
    bool can(unsigned n, const pooled_job& j) const { return waits_for(n, j) && (j.can >> n & 1u) && (all_[n].set.most || !unspared(j)); }
    bool room(unsigned n) const { return jobs(n) < std::max(1u, all_[n].set.most); }
    bool unspared(const pooled_job&) const;      // an engine that may have jobs can do it, now or later
    bool anybody(const pooled_job&) const;       // now or later
    bool place(pooled_job&);              // with an engine
    void place_waiting();
    void take_from(unsigned engine);      // its waiting jobs, to the front of those in common
    bool idles() const;
    void account(ps now);

    std::unique_ptr<dispatch_policy> policy_;
    limits limits_;
    std::vector<engine> all_;
    std::deque<pooled_job*> common_;
    engine_views views_;                  // kept: made anew for each choice
    std::vector<engine_state> states_;
    std::vector<bool> open_;
    unsigned next_ = 0;                   // engine that is asked first
    ps accounted_ = 0, idle_ = 0;
};

}  // namespace nicteam::secondary
