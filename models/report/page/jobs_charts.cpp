// Of jobs over time: what is done, and how long each takes.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "nicteam/report/html.h"
#include "report/page/charts.h"
#include "report/page/plot.h"

namespace nicteam::report {
namespace {

std::uint64_t done(const job_series& s) {
    return std::accumulate(s.intervals.begin(), s.intervals.end(), std::uint64_t{0}, [](std::uint64_t n, const job_interval& i) { return n + i.done; });
}

// Requesters with the most jobs, each `together` intervals as one; what is left of them at the end is no whole step.
std::vector<job_series> chosen(const run_result& r) {
    std::vector<job_series> all = r.jobs_over_time;
    std::stable_sort(all.begin(), all.end(), [](const job_series& a, const job_series& b) { return done(a) > done(b); });
    all.resize(std::min<std::size_t>(all.size(), most_series));
    if (all.empty()) return all;
    // Eight jobs or so in a step: shorter ones show the gaps between jobs.
    std::size_t together = 1;
    while (all.front().intervals.size() / together > std::max<std::uint64_t>(done(all.front()) / 8, 16)) together *= 2;
    for (job_series& s : all) {
        std::vector<job_interval> sums;
        const auto whole = static_cast<std::size_t>(r.window() / s.step);
        for (std::size_t n = 0; n + together <= std::min(whole, s.intervals.size()); n += together) {
            job_interval sum;
            for (std::size_t i = n; i < n + together; ++i)
                sum.done += s.intervals[i].done, sum.octets += s.intervals[i].octets, sum.timed += s.intervals[i].timed, sum.time += s.intervals[i].time;
            sums.push_back(sum);
        }
        s.step *= static_cast<ps>(together);
        s.intervals = std::move(sums);
    }
    return all;
}

std::int64_t rate(const job_interval& i, ps step) { return static_cast<std::int64_t>(static_cast<__int128>(i.octets) * 8 * second / step); }
std::int64_t mean(const job_interval& i) { return i.timed ? i.time / static_cast<ps>(i.timed) : -1; }

// Of steps; none where the value is below 0.
template <class Value>
std::string outline(const plot& p, const job_series& s, ps from, Value value) {
    std::string d;
    bool draws = false;
    for (std::size_t n = 0; n < s.intervals.size(); ++n) {
        const std::int64_t v = value(s.intervals[n]);
        if (v >= 0) {
            const std::int64_t y = scale::whole - p.y().place(v), x = p.x().place(from + static_cast<ps>(n) * s.step);
            d += draws ? fmt::format("V{}", y) : fmt::format("M{} {}", x, y);
            d += fmt::format("H{}", p.x().place(from + static_cast<ps>(n + 1) * s.step));
        }
        draws = v >= 0;
    }
    return d;
}

template <class Value>
std::string chart(const run_result& r, const std::vector<job_series>& all, const char* label, scale::of unit, Value value, const std::string& caption) {
    std::int64_t highest = 1;
    for (const job_series& s : all)
        for (const job_interval& i : s.intervals) highest = std::max(highest, value(i));
    plot p(label, scale::linear(scale::of::time, r.from, r.until), scale::linear(unit, 0, highest, true));
    mark_faults(p, r);
    for (std::size_t n = 0; n < all.size(); ++n) p.series(n, all[n].requester, outline(p, all[n], r.from, value));
    return p.figure(caption);
}

}  // namespace

std::string jobs_charts(const run_result& r) {
    const std::vector<job_series> all = chosen(r);
    if (all.empty() || all.front().intervals.empty()) return "";
    const ps step = all.front().step;
    const std::size_t of = r.jobs_over_time.size();
    const std::string more = of > all.size() ? fmt::format(" The {} requesters with the most jobs, of {}.", all.size(), of) : "";
    return chart(r, all, "Jobs over simulated time", scale::of::bits_per_second, [&](const job_interval& i) { return rate(i, step); },
                 fmt::format("Bits of the packets of jobs that were done, over simulated time, in steps of {}.{}", time_text(step), more)) +
           chart(r, all, "Time of a job over simulated time", scale::of::time, mean,
                 fmt::format("Mean time from submission to loop-back of the jobs that ended in each {}.", time_text(step)));
}

}  // namespace nicteam::report
