#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "nicteam/sweep/stored.h"
#include "pages/comparison.h"
#include "pages/settings.h"
#include "pages/tables.h"

namespace nicteam::pages {
namespace {

using sweep::cell;
using sweep::column;
using sweep::stored_sweep;
using sweep::table;

using by_seed = std::map<std::int64_t, double>;

std::string whole(const cell& c) {
    if (const auto* x = std::get_if<double>(&c)) return fmt::format("{:.12g}", *x);  // what was written in other units is the same value
    return shown(c, "");
}


// The runs of one sweep by point: which figures, by seed.
class side {
public:
    side(const stored_sweep& s, const std::vector<std::string>& parameters, const std::string& name) : s_(s), name_(name) {
        for (const std::string& p : parameters) parameters_.push_back(at(s.runs, p));
        seed_ = at(s.runs, "seed");
        for (std::size_t n = 0; n < s.runs.rows.size(); ++n) rows_[label(n)].push_back(n);
    }
    const std::map<std::string, std::vector<std::size_t>>& points() const { return rows_; }

    // Of which point's values; refused when several points look alike, since what tells them apart is not in the other sweep.
    by_seed values(const std::string& point, const std::string& figure) const {
        by_seed all;
        const std::size_t column = at(s_.runs, figure);
        for (const std::size_t n : rows_.at(point)) {
            const auto* x = std::get_if<double>(&s_.runs.rows[n][column]);
            if (!x) continue;
            if (!all.emplace(std::get<std::int64_t>(s_.runs.rows[n][seed_]), *x).second)
                throw not_comparable(fmt::format("{}: several points are alike in all parameters that both sweeps have ({})", name_, point));
        }
        return all;
    }

private:
    std::string label(std::size_t run) const {
        std::string text;
        for (const std::size_t p : parameters_)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", s_.runs.columns[p].name, key(s_.runs.rows[run][p], s_.runs.columns[p].unit));
        return text;
    }
    static std::string key(const cell& c, const std::string& unit) { return unit.empty() ? whole(c) : shown_exactly(c, unit); }
    static std::string shown_exactly(const cell& c, const std::string& unit) {
        const std::string nice = shown(c, unit);
        const auto* x = std::get_if<double>(&c);
        return x && fmt::format("{:.4g}", *x) != fmt::format("{:.12g}", *x) ? whole(c) + " " + unit : nice;
    }

    const stored_sweep& s_;
    std::string name_;
    std::vector<std::size_t> parameters_;
    std::size_t seed_ = 0;
    std::map<std::string, std::vector<std::size_t>> rows_;
};

std::vector<double> numbers(const by_seed& all) {
    std::vector<double> v;
    for (const auto& [seed, x] : all) v.push_back(x);
    return v;
}
bool same_seeds(const by_seed& a, const by_seed& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) { return x.first == y.first; });
}
double mean(const std::vector<double>& v) { return sweep::interval_of(v).mean; }

sweep::interval interval_between(const by_seed& a, const by_seed& b, bool paired, double confidence) {
    return paired ? sweep::paired_difference(numbers(b), numbers(a), confidence) : sweep::difference(numbers(b), numbers(a), confidence);
}

class sweeps {
public:
    sweeps(const stored_sweep& a, const stored_sweep& b, const std::string& name_a, const std::string& name_b, double confidence)
        : a_(a), b_(b), parameters_(common(column::parameter)), of_a_(a, parameters_, name_a), of_b_(b, parameters_, name_b), confidence_(confidence) {
        out_.kind = "sweep", out_.a = name_a, out_.b = name_b, out_.confidence = confidence;
        out_.title_a = title(a), out_.title_b = title(b);
        out_.settings = different_settings(a.configuration, b.configuration);
    }

    comparison all() {
        tell_of_parameters();
        for (const auto& [point, runs] : of_a_.points())
            if (of_b_.points().count(point)) points_.push_back(point);
        if (points_.empty()) throw not_comparable(fmt::format("{} and {} have no point in common", out_.a, out_.b));
        in_order_of_a();
        if (const std::size_t only = of_a_.points().size() - points_.size()) out_.notes.push_back(fmt::format("only in A: {} points", only));
        if (const std::size_t only = of_b_.points().size() - points_.size()) out_.notes.push_back(fmt::format("only in B: {} points", only));
        const std::vector<std::string> figures = common(column::figure);
        if (figures.empty()) throw not_comparable(fmt::format("{} and {} have no figure in common", out_.a, out_.b));
        for (const std::string& f : figures) compare_figure(f);
        correct();
        broken();
        limits();
        out_.why_not = "of one run on a side nobody knows what is chance";
        out_.hints.push_back("more runs of each point: --set sweep.replicates=5, with --resume, in both");
        return std::move(out_);
    }

private:
    static std::string title(const stored_sweep& s) {
        return fmt::format("{}, version {}, {} points, {} runs", s.fact("scenario"), s.fact("version"), s.points.rows.size(), s.runs.rows.size());
    }

    std::vector<std::string> common(column::role_type role) const {
        std::vector<std::string> names;
        for (const column& c : a_.runs.columns) {
            const auto there = find(b_.runs, c.name);
            if (c.role == role && there && b_.runs.columns[*there].role == role) names.push_back(c.name);
        }
        return names;
    }

    void tell_of_parameters() {
        for (const auto& [mine, other, name] : {std::tuple{&a_, &b_, "A"}, std::tuple{&b_, &a_, "B"}})
            for (const column& c : mine->runs.columns)
                if ((c.role == column::parameter || c.role == column::figure) && !find(other->runs, c.name))
                    out_.notes.push_back(fmt::format("only {} has the {} {}", name, c.role == column::figure ? "figure" : "parameter", c.name));
    }

    void in_order_of_a() {
        std::map<std::string, std::size_t> first;
        for (const auto& [point, runs] : of_a_.points()) first[point] = runs.front();
        std::sort(points_.begin(), points_.end(), [&](const auto& x, const auto& y) { return first[x] < first[y]; });
    }

    int wanted(const std::string& figure) const {
        for (const auto& row : a_.figures.rows)
            if (shown(row[at(a_.figures, "figure")], "") == figure)
                if (const std::string aim = shown(row[at(a_.figures, "aim")], ""); !aim.empty()) return aim == "maximise" ? 1 : -1;
        return 0;
    }

    void compare_figure(const std::string& figure) {
        const std::string unit = a_.runs.columns[at(a_.runs, figure)].unit, other = b_.runs.columns[at(b_.runs, figure)].unit;
        if (unit != other) throw not_comparable(fmt::format("{} is in {} in one sweep, in {} in the other", figure, unit.empty() ? "no unit" : unit,
                                                            other.empty() ? "no unit" : other));
        by_seed sum_a, sum_b;  // over points, of each seed
        std::vector<double> means_a, means_b;
        bool pairs = true, whole_a = true;
        std::size_t unknown = 0, counted = 0;
        for (const std::string& point : points_) {
            const by_seed of_a = of_a_.values(point, figure), of_b = of_b_.values(point, figure);
            if (of_a.empty() || of_b.empty()) {
                ++unknown;
                continue;
            }
            difference d{figure, unit, point, mean(numbers(of_a)), mean(numbers(of_b)), {}, {}, same_seeds(of_a, of_b), wanted(figure)};
            d.interval = interval_between(of_a, of_b, d.paired, confidence_);
            values_.emplace_back(of_a, of_b);
            pairs = pairs && d.paired;
            whole_a = whole_a && (!counted || same_seeds(of_a, sum_a)) && (!counted || same_seeds(of_b, sum_b));
            for (const auto& [seed, x] : of_a) sum_a[seed] += x;
            for (const auto& [seed, x] : of_b) sum_b[seed] += x;
            means_a.push_back(d.a), means_b.push_back(d.b);
            ++counted;
            out_.single.push_back(std::move(d));
        }
        if (unknown) out_.notes.push_back(fmt::format("{}: {} points where nothing was measured in one of them", figure, unknown));
        if (!counted) return;
        // Of all points together: the mean over points of each seed, where all points have the same ones; else over points, each of which is one pair.
        difference d{figure, unit, "", mean(means_a), mean(means_b), {}, {}, pairs, wanted(figure)};
        if (whole_a && sum_a.size() > 1 && sum_b.size() > 1) {
            for (by_seed* s : {&sum_a, &sum_b})
                for (auto& [seed, x] : *s) x /= static_cast<double>(counted);
            d.interval = interval_between(sum_a, sum_b, pairs, confidence_);
            overall_values_.emplace_back(sum_a, sum_b);
        } else {
            by_seed by_point_a, by_point_b;
            for (std::size_t n = 0; n < counted; ++n) {
                by_point_a[static_cast<std::int64_t>(n)] = means_a[n];
                by_point_b[static_cast<std::int64_t>(n)] = means_b[n];
            }
            d.paired = true;
            d.interval = interval_between(by_point_a, by_point_b, true, confidence_);
            overall_values_.emplace_back(by_point_a, by_point_b);
        }
        out_.overall.push_back(std::move(d));
    }

    void correct() {
        for (const auto* all : {&out_.overall, &out_.single})
            for (const difference& d : *all) out_.compared += d.interval.half_width == d.interval.half_width;
        const double each = corrected(confidence_, out_.compared);
        for (std::size_t n = 0; n < out_.overall.size(); ++n)
            out_.overall[n].corrected = interval_between(overall_values_[n].first, overall_values_[n].second, out_.overall[n].paired, each);
        for (std::size_t n = 0; n < out_.single.size(); ++n)
            out_.single[n].corrected = interval_between(values_[n].first, values_[n].second, out_.single[n].paired, each);
    }

    // What did not hold of a point: runs, by seed, and breaches of closed forms.
    struct misses {
        std::map<std::int64_t, bool> runs;  // whether they broke an expectation, or failed
        std::size_t broke = 0, failed = 0, breaches = 0;

        // A run that is bad here and good there; of seeds that are not there, bad ones where there are none at all.
        bool more_than(const misses& there) const {
            const bool bad_there = there.broke || there.failed;
            const auto new_one = [&](const auto& run) {
                const auto same = there.runs.find(run.first);
                return run.second && (same == there.runs.end() ? !bad_there : !same->second);
            };
            return std::any_of(runs.begin(), runs.end(), new_one) || (breaches && !there.breaches);
        }
    };
    static misses misses_of(const stored_sweep& s, const side& of, const std::string& point) {
        misses all;
        std::set<std::int64_t> numbers;
        for (const std::size_t n : of.points().at(point)) {
            const auto& row = s.runs.rows[n];
            const std::string status = text(row[at(s.runs, "status")]);
            if (status == "missing") continue;
            all.broke += status == "broken", all.failed += status == "failed";
            all.runs[std::get<std::int64_t>(row[at(s.runs, "seed")])] = status != "held";
            numbers.insert(std::get<std::int64_t>(row[at(s.runs, "point")]));
        }
        for (const auto& row : s.breaches.rows)
            if (const auto* n = std::get_if<std::int64_t>(&row[at(s.breaches, "point")])) all.breaches += numbers.count(*n);
        return all;
    }
    void broken() {
        misses of_a, of_b;
        std::size_t new_in_b = 0;
        for (const std::string& point : points_) {
            const misses here = misses_of(a_, of_a_, point), there = misses_of(b_, of_b_, point);
            new_in_b += there.more_than(here);
            of_a.broke += here.broke, of_a.failed += here.failed, of_a.breaches += here.breaches;
            of_b.broke += there.broke, of_b.failed += there.failed, of_b.breaches += there.breaches;
        }
        const auto tell = [&](const char* what, std::size_t in_a, std::size_t in_b) {
            if (in_a || in_b) out_.notes.push_back(fmt::format("{}: {} in A, {} in B", what, in_a, in_b));
        };
        tell("runs with an expectation that did not hold", of_a.broke, of_b.broke);
        tell("runs that failed", of_a.failed, of_b.failed);
        tell("breaches of closed forms", of_a.breaches, of_b.breaches);
        if (!new_in_b) return;
        out_.worse = true;
        out_.notes.push_back(fmt::format("at {} of {} points B does not keep what A keeps", new_in_b, points_.size()));
    }

    void limits() {
        // By seed; of runs that are missing, or that failed, nothing is known.
        using limits_of_runs = std::map<std::int64_t, std::string>;
        const auto limits_of_point = [&](const stored_sweep& s, const side& of, const std::string& point) {
            limits_of_runs all;
            for (const std::size_t n : of.points().at(point))
                if (const std::string by = text(s.runs.rows[n][at(s.runs, "limited_by")]); !by.empty())
                    all[std::get<std::int64_t>(s.runs.rows[n][at(s.runs, "seed")])] = by;
            return all;
        };
        // Of the seeds that both have, if there are any, so that a run that only one of them has makes no difference.
        const auto kinds = [](const limits_of_runs& here, const limits_of_runs& there) {
            const bool any = std::any_of(here.begin(), here.end(), [&](const auto& run) { return there.count(run.first) > 0; });
            std::set<std::string> all;
            for (const auto& [seed, by] : here)
                if (!any || there.count(seed)) all.insert(by);
            return all;
        };
        std::size_t known = 0, changed = 0;
        for (const std::string& point : points_) {
            const limits_of_runs in_a = limits_of_point(a_, of_a_, point), in_b = limits_of_point(b_, of_b_, point);
            if (in_a.empty() || in_b.empty()) continue;
            ++known, changed += kinds(in_a, in_b) != kinds(in_b, in_a);
        }
        if (changed) out_.notes.push_back(fmt::format("{} of {} points are limited by something else", changed, known));
    }

    const stored_sweep &a_, &b_;
    std::vector<std::string> parameters_;
    side of_a_, of_b_;
    double confidence_;
    std::vector<std::string> points_;  // of both
    std::vector<std::pair<by_seed, by_seed>> values_, overall_values_;  // behind the differences
    comparison out_;
};

}  // namespace

comparison compare_sweeps(const std::string& a, const std::string& b, double confidence) {
    const stored_sweep of_a = sweep::read_results(a), of_b = sweep::read_results(b);
    return sweeps(of_a, of_b, a, b, confidence).all();
}

}  // namespace nicteam::pages
