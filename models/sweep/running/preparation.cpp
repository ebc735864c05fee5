#include "sweep/running/preparation.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/scenario/settings.h"
#include "nicteam/sweep/sweep.h"
#include "sweep/reading/scenario_keys.h"
#include "sweep/results/check_tables.h"

namespace nicteam::sweep {
namespace {

class preparation {
public:
    preparation(prepared& out, const std::string& file, const scenario::read_options& options)
        : out_(out), d_(*out.read.what), base_(*out.read.base.what), keys_(keys_of(base_)), file_(file), options_(options) {
        options_.sets = d_.sets;
    }

    void all(bool at_least_one) {
        if (d_.whole) expressions_of_points();
        const bool drawable = d_.whole && none();
        if (drawable) draw(at_least_one);
        values();
        questions();
        if (!drawable || out_.points.points.empty()) return;
        try {
            check_tables(d_, base_, out_.points.points, out_.questions, [&](const place& p, const std::string& why) {
                if (!told_.count({p.at.line, p.at.column})) wrong(p, why);
            });
        } catch (const std::invalid_argument& why) {
            wrong({}, why.what());
        }
    }

private:
    bool none() const { return out_.read.base.found.none(); }
    // Without a place it is of the whole file.
    void wrong(const place& p, const std::string& why) {
        const scenario::position at = p.at.file < 0 ? scenario::position{0, 0, 0} : p.at;
        out_.read.base.found.add(at, p.label.empty() ? why : fmt::format("{}{}{}", p.label, why[0] == ':' ? "" : " ", why));
        if (p.at.line) told_.insert({p.at.line, p.at.column});
    }
    void wrong(const wrong_expression& why) { wrong(d_.places[why.mark], fmt::format("= {}", why.what())); }

    void expressions_of_points() {
        const auto tell = [&](const wrong_expression& why) { wrong(why); };
        if (!d_.what.baseline.empty()) check_expressions(d_.what, keys_, d_.what.baseline, tell);
        if (const auto set = first_values(d_.what); none() && !set.empty()) check_expressions(d_.what, keys_, set, tell);
    }

    void draw(bool at_least_one) {
        const plan& p = d_.what;
        try {
            if (!at_least_one && p.parameters.empty() && p.points.empty()) out_.points.points.push_back({completed(p, keys_, p.baseline)});
            else out_.points = points_of(p, keys_);
        } catch (const wrong_expression& why) {
            wrong(why);
        } catch (const std::invalid_argument& why) {
            wrong({}, why.what());
        }
    }

    // Each value by itself, laid over the scenario: the same checks as a run has, told where it was written. One that goes only together with what follows
    // from it is tried at a point.
    void values() {
        for (const written_value& v : d_.values) {
            if (d_.what.is_free(v.set.first)) continue;
            const std::string why = refusal({v.set}, v.set);
            if (why.empty() || (d_.whole && good_at_a_point(v.set))) continue;
            wrong(v.at, v.at.label.empty() ? why : ": " + why);
        }
        derived_values();
    }

    bool good_at_a_point(const assignment& value) const {
        if (d_.what.follows.empty()) return false;
        const auto has_it = [&](const point& p) { return std::find(p.set.begin(), p.set.end(), value) != p.set.end(); };
        const auto found = std::find_if(out_.points.points.begin(), out_.points.points.end(), has_it);
        std::vector<assignment> set;
        if (found != out_.points.points.end()) {
            set = found->set;
        } else {  // an end of a range that samples do not meet
            set = first_values(d_.what);
            for (assignment& a : set)
                if (a.first == value.first) a.second = value.second;
            try {
                set = completed(d_.what, keys_, std::move(set));
            } catch (const std::invalid_argument&) {
                return false;
            }
        }
        return refusal(set, value).empty();
    }

    // One that is out of its range at all of the points that were tried is told; at some, those runs fail alone.
    void derived_values() {
        if (out_.points.points.empty()) return;
        const std::vector<point>& points = out_.points.points;
        for (const derived& d : d_.what.follows) {
            if (d.free) continue;
            std::string first;
            for (const std::size_t n : {std::size_t{0}, points.size() / 2, points.size() - 1}) {
                const auto a = std::find_if(points[n].set.begin(), points[n].set.end(), [&](const assignment& one) { return one.first == d.key; });
                const std::string why = a == points[n].set.end() ? "" : refusal(points[n].set, *a);
                if (why.empty()) {
                    first.clear();
                    break;
                }
                if (first.empty()) first = why;
            }
            if (!first.empty()) wrong(d_.places[d.as.mark], fmt::format("= \"{}\": {}", d.as.text(), first));
        }
    }

    scenario::read_options with(const std::vector<assignment>& set) const {
        scenario::read_options o = options_;
        for (const auto& [key, value] : set)
            if (!d_.what.is_free(key)) o.sets.push_back(key + "=" + value);
        return o;
    }

    // What is said of one of the settings, when it is refused for itself.
    std::string refusal(const std::vector<assignment>& set, const assignment& of) const {
        const auto one = scenario::read(file_, with(set));
        if (one.found.none()) return "";
        if (scenario::settings_of(of.first, base_).empty())
            if (const std::string hint = scenario::did_you_mean(of.first, d_.what.own_names()); !hint.empty())
                return fmt::format("{}: is no parameter and no variable of the sweep{}", of.first, hint);
        std::string why = one.found.to_string();
        const std::string own = fmt::format("--set {}={}: error: ", of.first, of.second);
        const std::size_t at = why.find(own);
        if (at == std::string::npos) return "";
        why = why.substr(at + own.size());
        return why.substr(0, why.find('\n'));
    }

    void ask(const question& q, const place& at, const std::string& before) {
        if (std::find(out_.questions.begin(), out_.questions.end(), q) != out_.questions.end()) return;
        try {
            answer_before(base_, q);
            out_.questions.push_back(q);
        } catch (const std::invalid_argument& why) {
            wrong(at, before + why.what());
        }
    }

    // A name in a figure that is not a metric's.
    bool stands_for_a_setting(const std::string& name) const {
        const auto called = [&](const auto& one) { return one.key == name; };
        const plan& p = d_.what;
        if (p.called.count(name) || std::any_of(p.parameters.begin(), p.parameters.end(), called) || std::any_of(p.follows.begin(), p.follows.end(), called))
            return true;
        return name.find('(') == std::string::npos && !scenario::settings_of(name, base_).empty();
    }

    void questions() {
        for (const std::string& m : d_.metrics) ask(question_of_metrics(m), d_.of_metrics, fmt::format("= \"{}\": ", m));
        std::vector<std::string> names = d_.what.own_names();
        for (const figure& f : d_.figures) names.push_back(f.name);
        for (const figure& f : d_.figures)
            for (const auto* e : {&f.as, f.at_most ? &*f.at_most : nullptr, f.at_least ? &*f.at_least : nullptr, f.equals ? &*f.equals : nullptr,
                                  f.close_where ? &*f.close_where : nullptr})
                if (e) questions_of(*e, names);
    }

    void questions_of(const expression& e, const std::vector<std::string>& names) {
        for (const std::string& name : e.names()) {
            if (std::any_of(d_.figures.begin(), d_.figures.end(), [&](const figure& f) { return f.name == name; }) || stands_for_a_setting(name)) continue;
            const std::string before = fmt::format("= \"{}\", column {}: ", e.text(), e.column_of(name));
            const std::string hint = name.find('(') == std::string::npos ? scenario::did_you_mean(name, names) : "";
            if (hint.empty()) ask(question_of(name), d_.places[e.mark], before);
            else wrong(d_.places[e.mark], fmt::format("{}{}: is no figure, parameter or variable of the sweep, and no metric{}", before, name, hint));
        }
    }

    prepared& out_;
    const description& d_;
    const scenario::resolved& base_;
    const scenario_keys keys_;
    const std::string& file_;
    scenario::read_options options_;
    std::set<std::pair<int, int>> told_;  // places of what is wrong: it is not told again by what follows from it
};

}  // namespace

std::string problems_of(const std::string& file, const scenario::read_options& options) {
    const auto alone = scenario::read(file, options);
    const auto of_sweep = [](const scenario::component& c) {
        const auto given = [](const scenario::setting& s) { return s.given(); };
        return c.kind->for_sweeps && (c.kind->form != scenario::shape::table || std::any_of(c.settings.begin(), c.settings.end(), given));
    };
    if (!alone.found.none() || std::none_of(alone.what->components.begin(), alone.what->components.end(), of_sweep)) return "";
    const prepared p = prepare(file, options, false);
    return p.read.base.found.none() ? "" : p.read.base.found.to_string();
}

prepared prepare(const std::string& file, const scenario::read_options& options, bool at_least_one) {
    prepared out;
    out.read = read_sweep(file, options);
    if (out.read.what) preparation(out, file, options).all(at_least_one);
    return out;
}

}  // namespace nicteam::sweep
