// What jobs of each requester were done, interval by interval: read from its metrics when a run stops at the end of an interval anyway.
#pragma once

#include <vector>

#include "nicteam/report/result.h"
#include "nicteam/sim/session.h"

namespace nicteam::check {

class jobs_over_time {
public:
    explicit jobs_over_time(sim::session&);   // all metrics are bound

    void begin(ps from);                      // of the measuring window
    void sample(ps at, ps step);              // the end of an interval of `step`, or the end of the run within one
    void give(report::run_result&) const;     // of requesters of whom any was done

private:
    struct source {
        const counter *done = nullptr, *octets = nullptr;
        const histogram* time = nullptr;
        report::job_interval before;
        report::job_series series;
    };
    static report::job_interval so_far(const source&);

    std::vector<source> all_;
    ps latest_ = 0;
};

}  // namespace nicteam::check
