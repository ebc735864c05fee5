// Of one run each there are no replicates. What there is of a run are times: parts of equal length of the measuring window, whose figures count as
// values (batch means). With the same seed the same was offered at the same times, and the parts of both runs are pairs.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "nicteam/report/stored.h"
#include "pages/comparison.h"
#include "pages/settings.h"
#include "pages/latencies.h"

namespace nicteam::pages {
namespace {

using report::run_result;

constexpr std::size_t parts = 16;  // at most; of fewer than 8 the rates are not compared

class runs {
public:
    runs(const run_result& a, const run_result& b, const std::string& name_a, const std::string& name_b, double confidence) : a_(a), b_(b) {
        out_.kind = "run", out_.a = name_a, out_.b = name_b, out_.confidence = confidence;
        out_.title_a = title(a), out_.title_b = title(b);
    }

    comparison all() {
        paired_ = a_.seed == b_.seed && a_.from == b_.from && a_.until == b_.until;
        latency_a_ = latencies(out_.a, a_.from, a_.until, parts), latency_b_ = latencies(out_.b, b_.from, b_.until, parts);
        what_would_judge();
        flows();
        correct();
        resources();
        metrics();
        verdicts();
        return std::move(out_);
    }

private:
    static std::string title(const run_result& r) { return fmt::format("{}, version {}, seed {}", r.scenario, r.version, r.seed); }

    // The window in whole parts; what is left over at its end is in none.
    static std::vector<double> batches(const report::flow& f, ps window, ps step) {
        report::time_series s = f.over_time;
        s.widen_to(step);
        std::vector<double> all;
        for (ps at = 0; at + step <= window; at += step) {
            const auto n = static_cast<std::size_t>(at / step);
            const double octets = n < s.intervals.size() ? static_cast<double>(s.intervals[n].octets) : 0;
            all.push_back(octets * 8e12 / static_cast<double>(step));
        }
        return all;
    }
    static ps step_of(const report::flow& f, ps window) {
        ps step = f.over_time.step;
        while (window / step > static_cast<ps>(parts)) step *= 2;
        return step;
    }

    void flows() {
        std::size_t only_a = 0, only_b = b_.flows.size();
        for (const report::flow& f : a_.flows) {
            const auto g = std::find_if(b_.flows.begin(), b_.flows.end(), [&](const report::flow& x) { return x.from == f.from && x.to == f.to; });
            if (g == b_.flows.end()) {
                ++only_a;
                continue;
            }
            --only_b;
            const std::string of = f.from + " to " + f.to;
            const ps step = std::max(step_of(f, a_.window()), step_of(*g, b_.window()));
            const std::vector<double> of_a = batches(f, a_.window(), step), of_b = batches(*g, b_.window(), step);
            difference d{"throughput", "bps", of, rate(f, a_.window()), rate(*g, b_.window()), {}, {}, paired_, 1};
            d.interval.half_width = std::numeric_limits<double>::quiet_NaN();
            if (of_a.size() >= 8 && of_b.size() >= 8) {
                d.interval = between(of_a, of_b, out_.confidence);
                values_.emplace_back(out_.single.size(), std::pair{of_a, of_b});
            }
            out_.single.push_back(d);
            if (f.packets && g->packets) {
                add("mean latency", "s", of, mean(f.latency), mean(g->latency), -1);
                of_latency({f.from, f.to});
                add("99 % latency", "s", of, 1e-12 * static_cast<double>(f.latency.p99), 1e-12 * static_cast<double>(g->latency.p99), -1);
            }
        }
        if (only_a) out_.notes.push_back(fmt::format("only in A: {} flows", only_a));
        if (only_b) out_.notes.push_back(fmt::format("only in B: {} flows", only_b));
    }
    // The last difference is of a mean latency: parts in which packets arrived.
    void of_latency(const std::pair<std::string, std::string>& flow) {
        std::vector<double> a, b;
        const auto &all_a = latency_a_[flow], &all_b = latency_b_[flow];
        for (const auto& [part, mean] : all_a)
            if (!paired_ || all_b.count(part)) a.push_back(mean);
        for (const auto& [part, mean] : all_b)
            if (!paired_ || all_a.count(part)) b.push_back(mean);
        if (a.size() < 8 || b.size() < 8) return;
        difference& d = out_.single.back();
        d.paired = paired_;
        d.interval = between(a, b, out_.confidence);
        values_.emplace_back(out_.single.size() - 1, std::pair{a, b});
    }
    static double rate(const report::flow& f, ps window) { return window > 0 ? static_cast<double>(f.octets) * 8e12 / static_cast<double>(window) : 0; }
    static double mean(const report::distribution& d) { return 1e-12 * static_cast<double>(d.sum()) / static_cast<double>(d.count()); }

    sweep::interval between(const std::vector<double>& a, const std::vector<double>& b, double confidence) const {
        return paired_ && a.size() == b.size() ? sweep::paired_difference(b, a, confidence) : sweep::difference(b, a, confidence);
    }
    void correct() {
        out_.compared = values_.size();
        for (const auto& [at, of] : values_) out_.single[at].corrected = between(of.first, of.second, corrected(out_.confidence, out_.compared));
    }

    void add(const std::string& figure, const std::string& unit, const std::string& of, double a, double b, int wanted = 0) {
        difference d{figure, unit, of, a, b, {}, {}, false, wanted};
        d.interval.half_width = d.corrected.half_width = std::numeric_limits<double>::quiet_NaN();
        out_.single.push_back(d);
    }

    void resources() {
        const auto use = [](const bounds::resource& r) { return 100 * static_cast<double>(r.use().numerator) / static_cast<double>(r.use().denominator); };
        for (const bounds::resource& r : a_.resources)
            for (const bounds::resource& s : b_.resources)
                if (r.path == s.path && r.use().denominator && s.use().denominator) add("use", "%", r.path, use(r), use(s));
        const auto by = [](const run_result& r) { return r.limit.limited ? r.resources[static_cast<std::size_t>(r.limit.by)].path : std::string("nothing"); };
        if (by(a_) != by(b_)) out_.notes.push_back(fmt::format("limited by {} in A, by {} in B", by(a_), by(b_)));
    }

    void metrics() {
        std::map<std::string, const report::metric_value*> there;
        for (const report::metric_value& m : b_.metrics) there[m.path] = &m;
        std::size_t same = 0;
        for (const report::metric_value& m : a_.metrics) {
            const auto found = there.find(m.path);
            if (found == there.end() || m.info->kind != metric_info::counter) continue;
            if (found->second->total == m.total) ++same;
            else add("total", unit(m), m.path, amount(m), amount(*found->second));
        }
        out_.notes.push_back(fmt::format("{} totals are the same in both", same));
    }
    static std::string unit(const report::metric_value& m) { return std::string(m.info->unit) == "ps" ? "s" : m.info->unit; }
    static double amount(const report::metric_value& m) { return static_cast<double>(m.total) * (std::string(m.info->unit) == "ps" ? 1e-12 : 1); }

    void verdicts() {
        for (const report::verdict& v : a_.verdicts)
            for (const report::verdict& w : b_.verdicts)
                if (v.text == w.text && v.held != w.held) {
                    out_.notes.push_back(fmt::format("{} {} ({}), in B {} ({})", v.text, v.held ? "held" : "did not hold", v.measured,
                            w.held ? "it holds" : "it does not",
                                                     w.measured));
                    out_.worse = out_.worse || v.held;
                }
    }

    void what_would_judge() {
        out_.why_not = "of one run on each side nobody knows what is chance";
        const auto lacks_packets = [&](const run_result& r, const latency_parts& parts) {
            return std::any_of(r.flows.begin(), r.flows.end(), [](const report::flow& f) { return f.packets > 0; }) && parts.empty();
        };
        if (lacks_packets(a_, latency_a_) || lacks_packets(b_, latency_b_))
            out_.hints.push_back("mean latencies are judged, by parts of the window, where both were run with --trace packets");
        out_.hints.push_back("a figure of two sweeps is judged by replicates: [[figure]], and nicteam sweep with --set sweep.replicates=5");
    }

    const run_result &a_, &b_;
    bool paired_ = false;
    latency_parts latency_a_, latency_b_;
    std::vector<std::pair<std::size_t, std::pair<std::vector<double>, std::vector<double>>>> values_;  // behind which difference
    comparison out_;
};

}  // namespace

comparison compare_runs(const std::string& a, const std::string& b, double confidence) {
    const report::stored_run of_a = report::read_results(a), of_b = report::read_results(b);
    comparison all = runs(of_a.result, of_b.result, a, b, confidence).all();
    const auto lines = [](const std::string& directory) { return lines_of_file((std::filesystem::path(directory) / "config.resolved.toml").string()); };
    all.settings = different_settings(lines(a), lines(b));
    return all;
}

}  // namespace nicteam::pages
