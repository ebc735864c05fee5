#include "check/jobs_over_time.h"

#include <algorithm>

namespace nicteam::check {

jobs_over_time::jobs_over_time(sim::session& s) {
    const auto counted = [&](const std::string& path) -> const counter* {
        for (const sim::bound_metric& m : s.metrics())
            if (m.path == path) return m.as_counter;
        return nullptr;
    };
    for (const sim::bound_metric& m : s.metrics()) {
        if (!m.as_histogram || m.info->name != std::string("job_time")) continue;
        const std::string requester = m.path.substr(0, m.path.rfind('.'));
        source x;
        x.done = counted(requester + ".done"), x.octets = counted(requester + ".octets"), x.time = m.as_histogram;
        x.series.requester = requester;
        if (x.done && x.octets) all_.push_back(std::move(x));
    }
}

report::job_interval jobs_over_time::so_far(const source& x) {
    return {x.done->value(), x.octets->value(), x.time->count(), static_cast<ps>(x.time->sum())};
}

void jobs_over_time::begin(ps from) {
    latest_ = from;
    for (source& x : all_) {
        x.before = so_far(x);
        x.series.intervals.clear();
    }
}

void jobs_over_time::sample(ps at, ps step) {
    if (at <= latest_) return;
    latest_ = at;
    for (source& x : all_) {
        const report::job_interval now = so_far(x), &was = x.before;
        x.series.step = step;
        x.series.intervals.push_back({now.done - was.done, now.octets - was.octets, now.timed - was.timed, now.time - was.time});
        x.before = now;
    }
}

void jobs_over_time::give(report::run_result& result) const {
    for (const source& x : all_)
        if (std::any_of(x.series.intervals.begin(), x.series.intervals.end(), [](const report::job_interval& i) { return i.done || i.timed; }))
            result.jobs_over_time.push_back(x.series);
}

}  // namespace nicteam::check
