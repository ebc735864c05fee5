#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "sweep/reading/scenario_keys.h"
#include "sweep/results/figures.h"
#include "sweep/results/held_forms.h"
#include "sweep/results/table.h"
#include "nicteam/sweep/interval.h"
#include "sweep/statistics/pareto.h"

namespace nicteam::sweep {
namespace {

constexpr const char* statuses[] = {"held", "broken", "failed"};

class tabulation {
public:
    tabulation(const description& what, const scenario::resolved& base, const std::vector<point>& points, const std::vector<one_run>& runs)
        : what_(what), keys_(keys_of(base)), names_(what.what, keys_), points_(points), runs_(runs) {}

    results all() {
        out_.runs.name = "runs", out_.points.name = "points";
        const std::vector<column> parameters = columns_of_parameters();
        start(out_.runs, {{column::integer, "point", "", "number of the point, from 0"},
                          {column::integer, "replicate", "", "which of its runs, from 0"},
                          {column::integer, "seed", "", "seed of the run"},
                          {column::text, "identity", "", "of what decides the run: settings, seed, version and build"},
                          {column::text, "status", "", "held; broken: an expectation did not hold; failed: did not run to its end; missing: not run yet"},
                          {column::text, "why", "", "first message of a run that failed, expectations that a broken one did not keep"},
                          {column::text, "limited_by", "", "resource that limited the run, or several with as much demand; nothing: none reached its capacity",
                           column::limit}},
              parameters);
        start(out_.points, {{column::integer, "point", "", "number of the point, from 0"},
                            {column::integer, "baseline", "", "1: the point with which the others are compared"},
                            {column::integer, "runs", "", "that ran to their end"},
                            {column::integer, "broken", "", "of these, that broke an expectation"},
                            {column::integer, "failed", "", "that did not run to their end"},
                            {column::text, "limited_by", "", "resource that limited its runs; several: as much in demand, or not all by the same",
                             column::limit}},
              parameters);
        const auto has_name = [](const point& p) { return !p.name.empty(); };
        if ((named_ = std::any_of(points_.begin(), points_.end(), has_name)))
            for (table* t : {&out_.runs, &out_.points}) t->columns.insert(t->columns.begin() + 1, {column::text, "name", "", "of the point: its [[point]]"});
        work_out();
        fill_runs();
        fill_points();
        out_.figures = table_of_figures(what_, out_.points, held_);
        out_.effects = table_of_effects(what_, out_.points);
        out_.breaches = {"breaches", {{column::text, "breach", "",
                                       "a run, its figure and the closed form that it does not keep; a form that no run was held to"},
                                      {column::integer, "point", "", "whose run it is; of a form that was held to nowhere none"}}, {}};
        for (breach& b : breaches_)
            out_.breaches.rows.push_back({std::move(b.text), b.point ? cell(static_cast<std::int64_t>(*b.point)) : cell()});
        out_.notes = {"notes", {{column::text, "note", "", "a figure or closed form that has no value at some runs, and why; what is not judged yet"},
                                {column::integer, "runs", "", "how many"}}, {}};
        for (const unworked& u : unworked_) out_.notes.rows.push_back({u.text(), static_cast<std::int64_t>(u.runs)});
        for (const std::string& text : not_judged_) out_.notes.rows.push_back({text, static_cast<std::int64_t>(missing_)});
        return std::move(out_);
    }

private:
    static void start(table& t, std::vector<column> own, const std::vector<column>& parameters) {
        t.columns = std::move(own);
        t.columns.insert(t.columns.end(), parameters.begin(), parameters.end());
    }

    // Numbers where every value is one of the same kind, in base units; else words as they were written.
    std::vector<column> columns_of_parameters() {
        std::vector<column> all;
        std::vector<std::string> keys;
        for (const point& p : points_)
            for (const auto& [key, value] : p.set)
                if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
        for (const std::string& key : keys) {
            column c{column::real, heading_of(what_, key), "", key, follows(key) ? column::derived : column::parameter};
            std::optional<dimension> of;
            for (const point& p : points_) {
                const auto v = value_at(p, key);
                if (!v) continue;
                if (v->kind != expression_value::number || (of && *of != v->of && !is_clock(*of, *v))) c.kind = column::text;
                else if (!of) of = v->of;
            }
            const figure_unit unit = c.kind == column::real && of ? unit_of(*of) : figure_unit{};
            c.unit = unit.name;
            parameters_.push_back({key, c.kind == column::real, unit.factor, of.value_or(dimension{})});
            all.push_back(std::move(c));
        }
        return all;
    }

    bool follows(const std::string& key) const {
        return std::any_of(what_.what.follows.begin(), what_.what.follows.end(), [&](const derived& d) { return d.key == key; });
    }

    static const assignment* find(const point& p, const std::string& key) {
        for (const assignment& a : p.set)
            if (a.first == key) return &a;
        return nullptr;
    }

    // What the point gives a parameter, or leaves it at: nothing when it stands for several values there.
    std::optional<expression_value> value_at(const point& p, const std::string& key) const {
        if (const assignment* a = find(p, key)) return value_of_text(a->second);
        const auto sets_part_of_it = [&](const assignment& a) { return !what_.what.is_free(a.first) && keys_.covers(key, a.first); };
        if (!names_.find(p.set, key) && std::any_of(p.set.begin(), p.set.end(), sets_part_of_it)) return {};
        try {
            return names_.value(p.set, key);
        } catch (const std::invalid_argument&) {
            return {};
        }
    }
    std::string text_at(const point& p, const std::string& key) const {
        if (const assignment* a = find(p, key)) return a->second;
        if (const assignment* a = names_.find(p.set, key)) return a->second;
        return keys_.written(key, keys_.value(key));
    }

    // Clocks are written as times and as frequencies.
    static bool is_clock(dimension of, const expression_value& v) {
        const auto is = [](dimension d) { return d == dimension{1, 0} || d == dimension{-1, 0}; };
        return is(of) && is(v.of) && v.amount != 0;
    }

    void add_parameters(std::vector<cell>& row, const point& p) const {
        for (const parameter& q : parameters_) {
            const auto v = value_at(p, q.key);
            if (!v) row.emplace_back();
            else if (q.number) row.emplace_back(out_of_base(v->of == q.of ? v->amount : 1 / v->amount, q.factor));
            else row.emplace_back(text_at(p, q.key));
        }
    }

    // A figure that cannot be worked out of some runs: one note for all of them.
    struct unworked {
        std::string what, why;
        std::size_t mark, runs, point, replicate;
        std::string text() const {
            const std::string more = runs > 1 ? fmt::format(", and {} more {}", runs - 1, runs > 2 ? "runs" : "run") : "";
            return fmt::format("point {}, replicate {}{}: {}: {}", point, replicate, more, what, why);
        }
    };
    void note(const one_run& r, const figure& f, const wrong_expression& why) {
        for (unworked& u : unworked_)
            if (u.mark == why.mark && u.why == why.what()) {
                ++u.runs;
                return;
            }
        const bool itself = why.mark == f.as.mark, where = f.where && why.mark == f.where->mark, close = f.close_where && why.mark == f.close_where->mark;
        const std::string what = itself ? "figure " + f.name + " is left empty" : where ? "where " + f.name + " is held to its closed form is not known"
                                 : close ? "where " + f.name + " has to be close is not known"
                                                                                      : "the closed form of " + f.name + " is left empty";
        unworked_.push_back({what, why.what(), why.mark, 1, r.point, r.replicate});
    }

    void work_out() {
        const figures all(what_, keys_);
        std::vector<std::optional<dimension>> known(what_.figures.size());
        held_.resize(known.size());
        of_point_.resize(points_.size());
        for (std::size_t run = 0; run < runs_.size(); ++run) {
            const auto tell = [&](const figure& f, const wrong_expression& why) { note(runs_[run], f, why); };
            worked_.push_back(all.of(runs_[run], points_[runs_[run].point], breaches_, {tell, tell}));
            if (ended(runs_[run]))
                for (std::size_t n = 0; n < known.size(); ++n) held_[n].count(worked_[run][n]);
            of_point_[runs_[run].point].push_back(run);
            for (std::size_t n = 0; n < known.size(); ++n)
                if (worked_[run][n].known && !known[n]) known[n] = worked_[run][n].of;
        }
        std::size_t unfinished = 0;
        for (std::size_t p = 0; p < points_.size(); ++p) {
            const std::size_t missing = missing_of(p);
            missing_ += missing, unfinished += missing > 0;
            // The mean of some of its runs is not that of the point, nor is their interval.
            for (std::size_t n = 0; n < known.size() && !missing; ++n) all.hold_mean(n, p, of_runs(p, n), breaches_);
        }
        if (!missing_)
            for (std::size_t n = 0; n < known.size(); ++n) add_held_nowhere(what_.figures[n], held_[n], breaches_);
        for (const figure& f : what_.figures)
            if (f.equals && missing_)
                not_judged_.push_back(fmt::format("the mean of {} is not held to its closed form at {} of {} points: {} not run yet", f.name, unfinished,
                                                  points_.size(), missing_ == 1 ? "a run is" : fmt::format("{} runs are", missing_)));
        for (std::size_t n = 0; n < known.size(); ++n) units_.push_back(known[n] ? all.unit(n, *known[n]) : figure_unit{what_.figures[n].unit});
    }

    std::size_t missing_of(std::size_t p) const {
        return static_cast<std::size_t>(std::count_if(of_point_[p].begin(), of_point_[p].end(), [&](std::size_t run) { return !runs_[run].found; }));
    }
    std::vector<worked_figure> of_runs(std::size_t p, std::size_t figure) const {
        std::vector<worked_figure> all;
        for (const std::size_t run : of_point_[p]) all.push_back(worked_[run][figure]);
        return all;
    }

    cell in_unit(const std::optional<double>& value, std::size_t figure) const {
        return value && std::isfinite(*value) ? cell(out_of_base(*value, units_[figure].factor)) : cell();
    }

    void add_bounds(table& t, std::size_t n) const {
        const figure& f = what_.figures[n];
        if (f.at_most) t.columns.push_back({column::real, f.name + "_at_most", units_[n].name, f.at_most->text(), column::at_most});
        if (f.at_least) t.columns.push_back({column::real, f.name + "_at_least", units_[n].name, f.at_least->text(), column::at_least});
        if (f.equals) t.columns.push_back({column::real, f.name + "_equals", units_[n].name, f.equals->text(), column::equals});
    }
    void add_bounds(std::vector<cell>& row, std::size_t n, const worked_figure& w) const {
        if (what_.figures[n].at_most) row.push_back(in_unit(w.at_most, n));
        if (what_.figures[n].at_least) row.push_back(in_unit(w.at_least, n));
        if (what_.figures[n].equals) row.push_back(in_unit(w.equals, n));
    }

    void fill_runs() {
        table& t = out_.runs;
        for (std::size_t n = 0; n < what_.figures.size(); ++n) {
            t.columns.push_back({column::real, what_.figures[n].name, units_[n].name, what_.figures[n].as.text(), column::figure});
            add_bounds(t, n);
        }
        const std::vector<std::string> metrics = metric_columns();
        for (std::size_t run = 0; run < runs_.size(); ++run) {
            const one_run& r = runs_[run];
            std::vector<cell> row{static_cast<std::int64_t>(r.point), static_cast<std::int64_t>(r.replicate), static_cast<std::int64_t>(r.seed), r.identity,
                                  std::string(r.found ? statuses[r.found->status] : "missing"), r.found ? r.found->why : "", limit_of(r)};
            if (named_) row.insert(row.begin() + 1, name_of_point(r.point));
            add_parameters(row, points_[r.point]);
            for (std::size_t n = 0; n < what_.figures.size(); ++n) {
                row.push_back(in_unit(worked_[run][n].value, n));
                add_bounds(row, n, worked_[run][n]);
            }
            for (const std::string& m : metrics) row.push_back(metric_cell(r, m));
            t.rows.push_back(std::move(row));
        }
    }

    // Every path that what `metrics` names stands for in any run.
    std::vector<std::string> metric_columns() {
        std::vector<std::string> names;
        std::set<std::string> seen;  // as headings
        for (const std::string& text : what_.metrics) {
            const question q = question_of_metrics(text);
            for (const one_run& r : runs_) {
                const std::vector<answer>* all = r.found ? r.found->find(q) : nullptr;
                if (!all) continue;
                for (const answer& a : *all)
                    if (const bool alone = q.of == "total" || q.of == "usual"; seen.insert(alone ? a.path : q.of + "(" + a.path + ")").second) {
                        names.push_back(q.of + "(" + a.path + ")");
                        const std::string meaning = q.of != "usual" ? names.back() : a.path.back() == ')' ? a.path : "total(" + a.path + ")";
                        out_.runs.columns.push_back({column::real, alone ? a.path : names.back(), a.unit, meaning, column::metric});
                    }
            }
        }
        return names;
    }

    static cell metric_cell(const one_run& r, const std::string& name) {
        if (!r.found) return {};
        const question wanted = question_of(name);
        for (const auto& [q, all] : r.found->answers) {
            if (q.of != wanted.of) continue;
            for (const answer& a : all)
                if (a.path == wanted.pattern) return a.value ? cell(*a.value) : cell();
        }
        return {};
    }

    void fill_points() {
        table& t = out_.points;
        std::vector<aim> aims;
        for (std::size_t n = 0; n < what_.figures.size(); ++n) {
            const figure& f = what_.figures[n];
            t.columns.push_back({column::real, f.name, units_[n].name, "mean of " + f.as.text(), column::figure});
            if (repeated()) t.columns.push_back({column::real, f.name + "_half_width", units_[n].name, fmt::format("of the {:g} % interval about it",
                    what_.confidence * 100), column::half_width});
            add_bounds(t, n);
            if (has_form(f)) t.columns.push_back({column::integer, f.name + "_counts", "runs", "in which its closed form counts: `where` and `close_where`"});
            if (baseline()) {
                t.columns.push_back({column::real, f.name + "_vs_baseline", units_[n].name, "mean difference from the baseline"});
                if (repeated()) t.columns.push_back({column::real, f.name + "_vs_baseline_half_width", units_[n].name,
                                     fmt::format("of the {:g} % interval about it: of pairs where seeds are common, else Welch's", what_.confidence * 100)});
            }
            if (f.wanted) aims.push_back(*f.wanted);
        }
        const bool front = aims.size() > 1;
        if (front)
            t.columns.push_back({column::integer, "dominated_by", "points",
                                 "others that are as good in every figure with an aim, and better in one; 0: the trade-off front", column::front});
        std::vector<std::vector<double>> objectives(points_.size());
        for (std::size_t p = 0; p < points_.size(); ++p) t.rows.push_back(row_of_point(p, objectives[p]));
        if (!front) return;
        const std::vector<std::size_t> by = dominated_by(objectives, aims);
        for (std::size_t p = 0; p < points_.size(); ++p) t.rows[p].push_back(by[p] == unknown_point ? cell() : cell(static_cast<std::int64_t>(by[p])));
    }

    bool repeated() const { return what_.what.replicates > 1; }  // of one run there is no interval
    cell name_of_point(std::size_t p) const { return points_[p].name.empty() ? cell() : cell(points_[p].name); }
    static bool ended(const one_run& r) { return r.found && r.found->status != record::failed; }
    static cell limit_of(const one_run& r) {
        return r.found && !r.found->limited_by.empty() ? cell(r.found->limited_by) : cell();
    }
    cell limits_of(std::size_t p) const {
        std::set<std::string> all;
        for (const std::size_t run : of_point_[p]) {
            const cell c = limit_of(runs_[run]);
            const auto* listed = std::get_if<std::string>(&c);
            for (std::size_t from = 0; listed && from < listed->size();) {
                const std::size_t to = std::min(listed->find(", ", from), listed->size());
                all.insert(listed->substr(from, to - from));
                from = to + 2;
            }
        }
        return all.empty() ? cell() : cell(fmt::format("{}", fmt::join(all, ", ")));
    }

    std::vector<cell> row_of_point(std::size_t p, std::vector<double>& objectives) const {
        std::int64_t ended = 0, broken = 0, failed = 0;
        for (const std::size_t run : of_point_[p])
            if (const auto& found = runs_[run].found) {
                ended += found->status != record::failed, failed += found->status == record::failed;
                broken += found->status == record::broken;
            }
        std::vector<cell> row{static_cast<std::int64_t>(p), static_cast<std::int64_t>(points_[p].baseline), ended, broken, failed, limits_of(p)};
        if (named_) row.insert(row.begin() + 1, name_of_point(p));
        add_parameters(row, points_[p]);
        for (std::size_t n = 0; n < what_.figures.size(); ++n) {
            std::vector<double> values;
            for (const std::size_t run : of_point_[p])
                if (worked_[run][n].value) values.push_back(*worked_[run][n].value);
            const interval i = interval_of(values, what_.confidence);
            row.push_back(in_unit(i.mean, n));
            if (repeated()) row.push_back(in_unit(i.half_width, n));
            add_bounds(row, n, {{}, mean_of(p, n, &worked_figure::at_most), mean_of(p, n, &worked_figure::at_least), mean_of(p, n, &worked_figure::equals)});
            if (has_form(what_.figures[n])) row.push_back(counts_at(p, n));
            if (const auto base = baseline()) {
                const interval from = p == *base ? interval_of({}, what_.confidence) : difference_of(p, *base, n);
                row.push_back(in_unit(from.mean, n));
                if (repeated()) row.push_back(in_unit(from.half_width, n));
            }
            if (what_.figures[n].wanted) objectives.push_back(i.mean);
        }
        return row;
    }

    std::optional<std::size_t> baseline() const {
        const auto found = std::find_if(points_.begin(), points_.end(), [](const point& p) { return p.baseline; });
        return found == points_.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - points_.begin()));
    }

    // With common seeds runs of one seed are pairs, and those without a partner count for nothing.
    interval difference_of(std::size_t p, std::size_t base, std::size_t figure) const {
        const auto values = [&](std::size_t at) {
            std::map<std::uint64_t, double> all;
            for (const std::size_t run : of_point_[at])
                if (const worked_figure& w = worked_[run][figure]; w.value) all[what_.what.common_seeds ? runs_[run].seed : runs_[run].replicate] = *w.value;
            return all;
        };
        const auto here = values(p), there = values(base);
        std::vector<double> a, b;
        for (const auto& [which, x] : here)
            if (!what_.what.common_seeds || there.count(which)) a.push_back(x);
        for (const auto& [which, x] : there)
            if (!what_.what.common_seeds || here.count(which)) b.push_back(x);
        return what_.what.common_seeds ? paired_difference(a, b, what_.confidence) : difference(a, b, what_.confidence);
    }

    static bool has_form(const figure& f) { return f.at_most || f.at_least || f.equals; }
    cell counts_at(std::size_t p, std::size_t figure) const {
        const auto counts = [&](std::size_t run) { return worked_[run][figure].counts; };
        return static_cast<std::int64_t>(std::count_if(of_point_[p].begin(), of_point_[p].end(), counts));
    }

    // A closed form may have metrics in it: its mean is over the runs that the figure's is of.
    std::optional<double> mean_of(std::size_t p, std::size_t figure, std::optional<double> worked_figure::*form) const {
        std::vector<double> forms;
        for (const std::size_t run : of_point_[p])
            if (const worked_figure& w = worked_[run][figure]; w.value && w.*form) forms.push_back(*(w.*form));
        if (forms.empty()) return {};
        const bool same = std::all_of(forms.begin(), forms.end(), [&](double x) { return x == forms[0]; });
        return same ? forms[0] : interval_of(forms).mean;
    }

    struct parameter {
        std::string key;
        bool number;
        double factor;
        dimension of;
    };

    const description& what_;
    scenario_keys keys_;
    names_at names_;
    const std::vector<point>& points_;
    const std::vector<one_run>& runs_;
    std::vector<parameter> parameters_;
    std::vector<std::vector<worked_figure>> worked_;  // by run, then figure
    std::vector<std::vector<std::size_t>> of_point_;  // its runs
    std::vector<figure_unit> units_;
    std::vector<held_forms> held_;  // by figure
    std::vector<breach> breaches_;
    std::vector<unworked> unworked_;
    std::vector<std::string> not_judged_;
    std::size_t missing_ = 0;  // runs
    bool named_ = false;  // some point is
    results out_;
};

}  // namespace

results tabulate(const description& what, const scenario::resolved& base, const std::vector<point>& points, const std::vector<one_run>& runs) {
    return tabulation(what, base, points, runs).all();
}

}  // namespace nicteam::sweep
