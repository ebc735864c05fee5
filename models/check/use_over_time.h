// How much of each resource was used, interval by interval: read from its metrics when a run stops at the end of an interval anyway.
// Nothing runs in the model for it.
#pragma once

#include <string>
#include <vector>

#include "check/resources.h"
#include "nicteam/sim/session.h"

namespace nicteam::check {

class use_over_time {
public:
    // All metrics are bound.
    use_over_time(sim::session&, const std::vector<watched_bus>&, const std::vector<watched_wire>&, const std::vector<watched_cpu>&);

    void begin(ps from);                 // of the measuring window
    void sample(ps at, ps step);         // the end of an interval of `step`, or the end of the run within one
    // Into the resources of the result.
    void give(report::run_result&, const std::vector<watched_wire>&) const;

private:
    struct source {
        std::string path;
        sim::bound_metric *busy = nullptr, *contended = nullptr, *tenures = nullptr, *back_to_back = nullptr;
        ps idle_clock = 0;               // behind each tenure of a bus
        ps before = 0;                   // used until the latest sample
        std::vector<ps> used;            // by interval
    };
    void add(sim::session&, const std::string& path, ps idle_clock = 0);
    static ps so_far(const source&, ps at);
    const std::vector<ps>* of(const std::string& path) const;

    std::vector<source> all_;
    ps from_ = 0, step_ = 0;
    std::vector<ps> ends_;               // of the intervals
};

}  // namespace nicteam::check
