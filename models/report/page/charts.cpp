#include "report/page/charts.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "nicteam/report/html.h"
#include "nicteam/report/over_time.h"
#include "report/page/plot.h"

namespace nicteam::report {
namespace {

std::string of_how_many(const run_result& r) {
    std::size_t all = 0;
    for (const flow& f : r.flows) all += f.packets > 0;
    return all > most_series ? fmt::format(" The {} flows with the most packets, of {}.", most_series, all) : "";
}

// The outline of a step function: what was in each interval, over its length.
template <class Value>
std::string outline(const plot& p, const time_series& s, ps until, Value value) {
    std::string d;
    std::int64_t last = -1;
    const auto intervals = static_cast<std::size_t>((until - s.from + s.step - 1) / s.step);
    for (std::size_t n = 0; n < intervals; ++n) {
        const ps from = s.from + static_cast<ps>(n) * s.step;
        const time_series::interval i = n < s.intervals.size() ? s.intervals[n] : time_series::interval{};
        const std::int64_t y = scale::whole - p.y().place(value(i, std::min(s.step, until - from)));
        if (y != last) d += fmt::format("{}{}{}", d.empty() ? "M0 " : fmt::format("H{}V", p.x().place(from)), y, "");
        last = y;
    }
    return d.empty() ? d : d + "H10000";
}

}  // namespace

// While something is wrong a band; that a device was put in is no harm, but an instant.
// What comes again more often than can be told apart is one band.
void mark_faults(plot& p, const run_result& r) {
    constexpr std::uint64_t apart = 100;
    for (const fault& f : r.faults) {
        std::string name = f.what + (f.what == "inserted" || f.what == "removed" ? ": " : " of ") + f.where + repeated(f);
        const bool one = f.times > apart;
        const ps step = f.times > 1 ? f.every : 0, last = static_cast<ps>(f.times - 1) * step;
        for (std::uint64_t n = 0; n < (one ? 1 : f.times); ++n) {
            const ps later = static_cast<ps>(n) * step, begin = f.from + later, end = f.until == never ? never : f.until + (one ? last : later);
            if (begin >= r.until || end <= r.from) continue;
            const ps from = std::max(begin, r.from);
            p.band(from, f.what == "inserted" ? from : std::min(end, r.until), std::exchange(name, f.what));
        }
    }
}

std::string throughput_chart(const run_result& r) {
    const auto rate = [](const time_series::interval& i, ps length) {
        return static_cast<std::int64_t>(static_cast<__int128>(i.octets) * 8 * second / length);
    };
    const auto flows = busiest_flows(r);
    if (flows.empty() || r.window() <= 0) return "";
    const ps step = readable_step(r, flows);
    // Whole steps: in a part of one, a packet more or less would be a jump.
    const ps whole = r.window() / step * step, until = whole ? r.from + whole : r.until;
    std::vector<time_series> series;
    std::int64_t highest = 1;
    for (const flow* f : flows) {
        series.push_back(f->over_time);
        series.back().widen_to(step);
        for (std::size_t n = 0; n < series.back().intervals.size(); ++n)
            if (const ps from = r.from + static_cast<ps>(n) * step; from < until)
                highest = std::max(highest, rate(series.back().intervals[n], std::min(step, until - from)));
    }
    plot p("Throughput over simulated time", scale::linear(scale::of::time, r.from, until),
           scale::linear(scale::of::bits_per_second, 0, highest, true));
    mark_faults(p, r);
    for (std::size_t n = 0; n < flows.size(); ++n) {
        const std::string line = outline(p, series[n], until, rate);
        p.series(n, flows[n]->from + " to " + flows[n]->to, line, flows.size() <= 2 ? line + "V10000H0Z" : "");
    }
    const std::string rest = until < r.until ? fmt::format(" The last {}, less than a step, are left out.", time_text(r.until - until)) : "";
    return p.figure(fmt::format("Frame bits that arrived, over simulated time, in steps of {}.{}{}", time_text(step), rest, of_how_many(r)));
}

std::string use_chart(const run_result& r) {
    std::vector<const use_series*> chosen;
    const auto mean = [](const use_series& u) { return std::accumulate(u.use.begin(), u.use.end(), std::uint64_t{0}); };
    for (const use_series& u : r.use_over_time)
        if (u.step > 0 && mean(u) > 0) chosen.push_back(&u);
    const std::size_t all = chosen.size();
    if (chosen.empty() || r.window() <= 0) return "";
    std::stable_sort(chosen.begin(), chosen.end(), [&](const use_series* a, const use_series* b) { return mean(*a) > mean(*b); });
    chosen.resize(std::min<std::size_t>(all, most_series));
    std::sort(chosen.begin(), chosen.end());
    plot p("Use of resources over simulated time", scale::linear(scale::of::time, r.from, r.until), scale::linear(scale::of::percent, 0, 100));
    mark_faults(p, r);
    for (std::size_t n = 0; n < chosen.size(); ++n) {
        std::string d;
        for (std::size_t i = 0; i < chosen[n]->use.size(); ++i) {
            const std::int64_t y = scale::whole - p.y().place(chosen[n]->use[i] / (use_series::whole / 100));
            d += i ? fmt::format("H{}V{}", p.x().place(r.from + static_cast<ps>(i) * chosen[n]->step), y) : fmt::format("M0 {}", y);
        }
        p.series(n, chosen[n]->path, d + "H10000");
    }
    return p.figure(fmt::format("Use of each resource over simulated time, in steps of {}.{}", time_text(chosen.front()->step),
                                all > chosen.size() ? fmt::format(" The {} that were used most, of {}.", chosen.size(), all) : ""));
}

std::string losses_chart(const run_result& r) {
    std::int64_t highest = 0;
    for (const auto& i : r.lost_over_time.intervals) highest = std::max(highest, static_cast<std::int64_t>(i.packets));
    if (highest == 0 || r.window() <= 0) return "";
    plot p("Losses over simulated time", scale::linear(scale::of::time, r.from, r.until),
           scale::linear(scale::of::packets, 0, highest, true), true);
    mark_faults(p, r);
    const std::string line =
        outline(p, r.lost_over_time, r.until, [](const time_series::interval& i, ps) { return static_cast<std::int64_t>(i.packets); });
    p.add(fmt::format(
        "<path class=\"area f2\" style=\"fill-opacity:.5\" d=\"{}V10000H0Z\"/><path class=\"s\" style=\"stroke:var(--c2)\" d=\"{}\"/>",
        line, line));
    return p.figure(fmt::format("Packets lost in each {}, all reasons together; a bar begins with its step, which may be before the first of them.",
                                time_text(r.lost_over_time.step)));
}

std::string latency_chart(const run_result& r) {
    const auto flows = busiest_flows(r);
    std::int64_t least = INT64_MAX, greatest = 0;
    for (const flow* f : flows) {
        least = std::min(least, f->latency.least);
        greatest = std::max(greatest, f->latency.greatest);
    }
    if (greatest == 0) return "";
    plot p("Share of packets that had arrived after a time", scale::around(scale::of::time, least, greatest),
           scale::linear(scale::of::percent, 0, 100));
    for (std::size_t n = 0; n < flows.size(); ++n) {
        const distribution& d = flows[n]->latency;
        std::string line = "M0 10000";              // nobody yet; and at the other side of the greatest all of them
        for (std::size_t i = 0; i < d.curve.size(); ++i)
            line += fmt::format("H{}V{}", p.x().place(d.curve[i]), scale::whole - static_cast<std::int64_t>(distribution::shares[i]));
        line += "H10000";
        p.series(n,
                 fmt::format("{} to {}: half within {}, 99 % within {}", flows[n]->from, flows[n]->to, time_text(d.p50), time_text(d.p99)),
                 line);
    }
    return p.figure("Share of the packets that had arrived within a time from their birth." + of_how_many(r));
}

}  // namespace nicteam::report
