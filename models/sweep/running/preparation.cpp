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
        if (d_.whole) draw(at_least_one);
        if (d_.named) expressions_of_points();
        values();
        questions();
        if (!d_.whole || out_.points.points.empty()) return;
        try {
            check_tables(d_, base_, out_.points.points, out_.questions, [&](const place& p, const std::string& why) {
                if (!told_.count({p.at.line, p.at.column})) wrong(p, why);
            });
        } catch (const std::invalid_argument& why) {
            wrong({}, why.what());
        }
    }

private:
    // Without a place it is of the whole file.
    void wrong(const place& p, const std::string& why) {
        const scenario::position at = p.at.file < 0 ? scenario::position{0, 0, 0} : p.at;
        out_.read.base.found.add(at, p.label.empty() ? why : fmt::format("{}{}{}", p.label, why[0] == ':' ? "" : " ", why));
        if (p.at.line) told_.insert({p.at.line, p.at.column});
    }
    void wrong(const wrong_expression& why, const std::string& where = "") {
        if (told_expressions_.insert(why.mark).second) wrong(d_.places[why.mark], fmt::format("= {}{}", why.what(), where));
    }

    // Also those that no point comes to, and those of a sweep that has no points yet.
    void expressions_of_points() {
        const auto tell = [&](const wrong_expression& why) { wrong(why); };
        if (!d_.what.baseline.empty()) check_expressions(d_.what, keys_, d_.what.baseline, tell);
        if (const auto set = first_values(d_.what); !set.empty()) check_expressions(d_.what, keys_, set, tell);
    }

    std::string at_points(std::size_t some, std::size_t all, const std::vector<assignment>& first) const {
        if (some == all) return "";
        std::string text;
        for (const auto& [key, value] : first) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", heading_of(d_, key), value);
        return some > 1 ? fmt::format("; so at {} of {} points, first at {}", some, all, text) : fmt::format("; so at {}", text);
    }

    void draw(bool at_least_one) {
        const plan& p = d_.what;
        try {
            if (!at_least_one && p.parameters.empty() && p.points.empty()) {
                out_.points.points.push_back({completed(p, keys_, p.baseline)});
                return;
            }
            out_.points = points_of(p, keys_);
            for (const wrong_at& w : out_.points.wrong) wrong(w.why, at_points(w.points, out_.points.tried, w.set));
        } catch (const wrong_expression& why) {
            wrong(why);
        } catch (const std::invalid_argument& why) {
            wrong({}, why.what());
        }
    }

    // Each value by itself, laid over the scenario: the same checks as a run has, told where it was written. One that goes only together with what follows
    // from it is tried at a point.
    void values() {
        std::vector<refused_value> all;
        for (const written_value& v : d_.values) {
            if (d_.what.is_free(v.set.first)) continue;
            const auto end_is_wrong = [&](const refused_value& r) { return r.of->range && r.of->set.first == v.set.first; };
            if (v.range && !v.is_end && std::any_of(all.begin(), all.end(), end_is_wrong)) continue;  // nobody wrote it
            const std::string why = refusal({v.set}, v.set);
            if (why.empty() || (d_.whole && good_at_a_point(v.set))) continue;
            const std::string own = fmt::format("{} = {}: ", v.set.first, v.set.second);
            const bool names_it = why.compare(0, own.size(), own) == 0;
            const std::string reason = names_it ? why.substr(own.size()) : why;
            const auto same = [&](const refused_value& r) {
                return r.reason == reason && r.of->set.first == v.set.first && (r.of->place_of_all == v.place_of_all);
            };
            if (const auto known = std::find_if(all.begin(), all.end(), same); known != all.end()) known->more += ", " + v.set.second;
            else all.push_back({&v, names_it, reason, ""});
        }
        for (const refused_value& r : all) {
            const written_value& v = *r.of;
            std::string why = r.names_it ? fmt::format("{} = {}: {}", v.set.first, v.set.second, r.reason) : r.reason;
            if (!r.names_it && v.one_of_several && why.compare(0, v.set.first.size(), v.set.first) != 0)
                why = fmt::format("\"{} = {}\": {}", v.set.first, v.set.second, why);
            if (!r.more.empty()) why += "; and so with " + r.more.substr(2);
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

    // What a derived value is at some point, and cannot be anywhere.
    bool derived_is_no_value(const derived& d) {
        const point* first = nullptr;
        std::size_t some = 0;
        std::string why;
        for (const point& p : out_.points.points) {
            const auto a = std::find_if(p.set.begin(), p.set.end(), [&](const assignment& one) { return one.first == d.key; });
            const std::string here = a == p.set.end() ? "" : keys_.refusal(a->first, a->second);
            if (here.empty()) continue;
            ++some;
            if (first) continue;
            first = &p;
            why = fmt::format("{} = {}: {}", a->first, a->second, here);
        }
        if (!first) return false;
        std::vector<assignment> given = first->set;
        given.erase(std::remove_if(given.begin(), given.end(), [&](const assignment& a) { return follows(a.first); }), given.end());
        wrong(d_.places[d.as.mark], fmt::format("= \"{}\": {}{}", d.as.text(), why, at_points(some, out_.points.points.size(), given)));
        return true;
    }

    bool follows(const std::string& key) const {
        return std::any_of(d_.what.follows.begin(), d_.what.follows.end(), [&](const derived& d) { return d.key == key; });
    }

    // One that does not go with the rest of the scenario is told when that is so at all of the points that are tried; at some, those runs fail alone.
    void derived_values() {
        if (out_.points.points.empty()) return;
        const std::vector<point>& points = out_.points.points;
        for (const derived& d : d_.what.follows) {
            if (d.free || derived_is_no_value(d)) continue;
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
                                  f.where ? &*f.where : nullptr, f.close_where ? &*f.close_where : nullptr})
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

    struct refused_value {
        const written_value* of;
        bool names_it;  // what was said begins with the key and its value
        std::string reason, more;  // other values of the same key, refused for the same reason
    };

    prepared& out_;
    const description& d_;
    const scenario::resolved& base_;
    const scenario_keys keys_;
    const std::string& file_;
    scenario::read_options options_;
    std::set<std::size_t> told_expressions_;  // by mark
    std::set<std::pair<int, int>> told_;  // places of what is wrong: it is not told again by what follows from it
};

}  // namespace

std::string problems_of(const std::string& file, const scenario::read_options& options) {
    const auto alone = scenario::read(file, options);
    const auto of_sweep = [](const scenario::component& c) {
        const auto given = [](const scenario::setting& s) { return s.given(); };
        return c.kind->for_sweeps && (c.kind->form != scenario::shape::table || std::any_of(c.settings.begin(), c.settings.end(), given));
    };
    if (wrong_in(alone) == wrong_part::scenario || std::none_of(alone.what->components.begin(), alone.what->components.end(), of_sweep)) return "";
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
