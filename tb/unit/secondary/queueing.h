// A pool of engines in a plain event loop: jobs come, engines take a time each, nothing else costs any. For comparison with closed forms.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <queue>
#include <set>
#include <vector>

#include "nicteam/secondary/job_pool.h"

namespace nicteam::test {

using namespace nicteam::secondary;

class queueing {
public:
    struct job : pooled_job {
        ps came = 0, done = 0;
        unsigned engine = no_engine;
    };
    using service = std::function<ps(unsigned engine, const job&)>;

    queueing(std::unique_ptr<dispatch_policy> p, service s, job_pool::limits l = {loading::in_order, 1'000'000}) : pool(std::move(p), l), service_(std::move(s)) {}

    job& put(ps at, std::uint32_t octets = 1'000) {
        run(at);
        jobs.push_back(std::make_unique<job>());
        job& j = *jobs.back();
        j.octets = octets;
        j.came = at;
        if (pool.put(j, at) != job_pool::answer::taken) ++refused;
        give(at);
        return j;
    }
    void set(unsigned engine, const engine_setting& s, ps at) {
        run(at);
        pool.set(engine, s, at);
        give(at);
    }
    // All that is done strictly before `until`; each end may bring another job.
    void run(ps until) {
        while (!ends_.empty() && ends_.top().at < until) {
            const end e = ends_.top();
            ends_.pop();
            e.what->done = e.at;
            pool.back(e.what->engine, *e.what, true, e.at);
            ++done;
            last = e.at;
            if (again) again(e.at);
            give(e.at);
        }
    }
    std::uint64_t done_by(unsigned engine, ps from = 0, ps until = never) const {
        return static_cast<std::uint64_t>(
            std::count_if(jobs.begin(), jobs.end(), [&](const auto& j) { return j->engine == engine && j->done > 0 && j->done >= from && j->done < until; }));
    }
    double mean_time(std::size_t skip) const {           // in the system, in picoseconds
        double sum = 0;
        for (std::size_t n = skip; n < jobs.size(); ++n) sum += static_cast<double>(jobs[n]->done - jobs[n]->came);
        return sum / static_cast<double>(jobs.size() - skip);
    }

    job_pool pool;
    std::vector<std::unique_ptr<job>> jobs;
    std::function<void(ps)> again;                       // closed loop: put the next one
    std::uint64_t done = 0, refused = 0;
    ps last = 0;

private:
    struct end {
        ps at;
        std::uint64_t order;
        job* what;
        bool operator<(const end& o) const { return at != o.at ? at > o.at : order > o.order; }
    };
    void give(ps now) {
        for (job_pool::gift g = pool.next(now); g.job; g = pool.next(now)) {
            job& j = static_cast<job&>(*g.job);
            j.engine = g.engine;
            ends_.push({now + service_(g.engine, j), order_++, &j});
        }
    }
    service service_;
    std::priority_queue<end> ends_;
    std::uint64_t order_ = 0;
};

inline engine_setting one_at_a_time(std::uint64_t rate = 1'000'000, unsigned most = 1'000'000) {
    engine_setting s;
    s.most = most;
    s.given = 1;
    s.rate = rate;
    return s;
}

// Octets at that many per second.
inline ps time_of(std::uint64_t octets, std::uint64_t rate) { return static_cast<ps>(octets * static_cast<std::uint64_t>(second) / rate); }

}  // namespace nicteam::test
