#include "sweep/reading/description.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/scenario/settings.h"
#include "sweep/reading/range_text.h"
#include "sweep/reading/scenario_keys.h"

namespace nicteam::sweep {
namespace {

using scenario::component;
using scenario::position;
using scenario::setting;

std::string trimmed(const std::string& s) {
    const std::size_t first = s.find_first_not_of(' ');
    return first == std::string::npos ? "" : s.substr(first, s.find_last_not_of(' ') - first + 1);
}

std::string key_of(const std::string& set) { return trimmed(set.substr(0, set.find('='))); }

// Words and lists may have dots: a range is of numbers.
bool may_be_range(const std::string& key, const scenario::resolved& r) {
    const auto all = scenario::settings_of(key, r);
    return std::none_of(all.begin(), all.end(), [](const auto& one) {
        const quantity kind = one.second->row->kind;
        return kind == quantity::text || kind == quantity::list || kind == quantity::choice || kind == quantity::flag;
    });
}

bool same_for_all(const std::string& set, const scenario::resolved* r) {
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos || set.compare(0, 6, "sweep.") == 0) return true;
    const auto values = split_values(set.substr(equals + 1));
    return values.size() < 2 && !(r && means_range(values[0]) && may_be_range(key_of(set), *r));
}

// What a sweep calls parameters by: the key behind each name; "" of a variable of the sweep alone.
std::map<std::string, std::string> names_of(const scenario::resolved& r) {
    std::map<std::string, std::string> all;
    for (const char* kind : {"vary", "derive"})
        for (const component* c : r.of_kind(kind))
            if (const std::string& name = c->text("name"); !name.empty() && scenario::settings_of(name, r).empty()) all.emplace(name, c->text("key"));
    return all;
}

constexpr const char* no_seed =
    "seed is no parameter of points: `replicates` of [sweep] runs each point with several seeds, of which the scenario's is the first";

class reader {
public:
    reader(scenario::reading& base, const scenario::read_options& options, std::vector<std::string> varied)
        : base_(base), r_(*base.what), options_(options), varied_(std::move(varied)), names_(names_of(r_)) {}

    description read() {
        const std::size_t wrong_before = base_.found.count();
        const wrong_part part_before = wrong_in(base_);
        const component& sweep = r_.table("sweep");
        plan& p = out_.what;
        p.how = static_cast<method>(sweep.integer("method"));
        if (sweep.given("points")) p.samples = static_cast<std::size_t>(sweep.integer("points"));
        p.design_seed = static_cast<std::uint64_t>(sweep.integer("design_seed"));
        p.replicates = static_cast<std::size_t>(sweep.integer("replicates"));
        p.common_seeds = sweep.integer("seeds") == 0;
        p.seed = static_cast<std::uint64_t>(r_.top.integer("seed"));
        out_.confidence = static_cast<double>(sweep.integer("confidence")) / 1e18;
        out_.keep_files = sweep.integer("keep") == 1;
        if (sweep.given("time_limit")) out_.seconds = static_cast<double>(sweep.integer("time_limit")) / 1e12;
        out_.metrics = sweep.list("metrics");
        for (const component* c : r_.of_kind("vary")) vary(*c);
        for (const std::string& set : varied_) vary_by_command(set);
        for (const component* c : r_.of_kind("derive")) derive(*c);
        for (const component* c : r_.of_kind("point"))
            p.points.push_back({c->given("name") ? c->text("name") : "", point_of(*c->find("set"), "point.set")});
        p.baseline = point_of(*sweep.find("baseline"), "sweep.baseline");
        out_.named = part_before <= wrong_part::figures && base_.found.count() == wrong_before;
        for (const std::string& text : sweep.list("constraints")) constrain(text, sweep.find("constraints")->at);
        out_.whole = out_.named && base_.found.count() == wrong_before;
        for (const component* c : r_.of_kind("figure")) tell(*c);
        if (r_.of_kind("figure").empty()) out_.figures = usual_figures(r_, out_.headings);
        if (const setting* s = sweep.find("metrics")) out_.of_metrics = {s->at, "sweep.metrics"};
        out_.sets = options_.sets;
        return std::move(out_);
    }

private:
    void wrong(position at, const std::string& why) { base_.found.add(at, why); }

    std::vector<assignment> assignments(const setting& s, const char* label) {
        std::vector<assignment> all;
        for (const std::string& one : s.value.list) {
            const std::size_t equals = one.find('=');
            if (equals == std::string::npos || equals == 0) {
                wrong(s.at, fmt::format("{}: \"{}\" is no KEY=VALUE", label, one));
                continue;
            }
            const auto named = names_.find(trimmed(one.substr(0, equals)));
            const bool called = named != names_.end() && !named->second.empty();
            all.emplace_back(called ? named->second : trimmed(one.substr(0, equals)), trimmed(one.substr(equals + 1)));
            if (follows(all.back().first)) wrong(s.at, fmt::format("{}: \"{}\": {} is derived from others", label, one, key_of(one)));
            else if (all.back().first == "seed") wrong(s.at, fmt::format("{}: \"{}\": {}", label, one, no_seed));
            else out_.values.push_back({all.back(), {s.at, label}, s.at, false, false, true});
        }
        return all;
    }

    // A variable of the sweep alone has no other value than a point gives it.
    std::vector<assignment> point_of(const setting& s, const char* label) {
        std::vector<assignment> all = assignments(s, label);
        if (all.empty()) return all;
        for (const varied& v : out_.what.parameters)
            if (v.free && std::none_of(all.begin(), all.end(), [&](const assignment& a) { return a.first == v.key; }))
                wrong(s.at, fmt::format("{}: has no value for {}, which is a variable of the sweep alone: \"{}=…\"", label, v.key, v.key));
        return all;
    }

    bool follows(const std::string& key) const {
        return std::any_of(out_.what.follows.begin(), out_.what.follows.end(), [&](const derived& d) { return d.key == key; });
    }

    bool samples() const { return out_.what.how >= method::random; }

    void add(varied v, const std::string& heading, position at, const std::string& label, position of_all, bool ranged) {
        for (const std::string& value : v.values)
            if (!v.free) out_.values.push_back({{v.key, value}, {at, label}, of_all, ranged});
        out_.what.parameters.push_back(std::move(v));
        out_.headings.push_back(heading);
        out_.of_headings.push_back({at, label});
    }

    void vary(const component& c) {
        const bool free = c.text("key").empty();
        varied v{free ? c.text("name") : c.text("key"), c.list("values"), {}, free};
        if (free && !is_variable(c, "vary")) return;
        if (v.key == "seed") return wrong(c.find("key")->at, fmt::format("vary.key: {}", no_seed));
        if (!free) call(c);
        const auto of_command = [&](const std::string& set) { return behind(key_of(set)) == v.key; };
        const auto &several = varied_, &one = options_.sets;  // what the command says of it stands instead
        if (std::any_of(several.begin(), several.end(), of_command) || std::any_of(one.begin(), one.end(), of_command)) return;
        const bool ranged = c.given("from") || c.given("to");
        if (v.values.empty() != ranged) return wrong(c.at, fmt::format("vary: {} wants `values`, or `from` and `to`", v.key));
        if (ranged && !(c.given("from") && c.given("to"))) return wrong(c.at, fmt::format("vary: {} wants both `from` and `to`", v.key));
        if (!ranged && c.given("steps")) return wrong(c.find("steps")->at, "vary.steps: is for `from` and `to`");
        if (ranged) {
            try {
                range over(c.text("from"), c.text("to"), c.integer("scale") == 1);
                if (c.given("steps") && c.integer("steps") == 1 && over.at(0) != over.at(1))
                    return wrong(c.find("steps")->at, fmt::format("vary.steps: 1 leaves out `to`, {}; from {} to {} takes 2 or more, `values` one",
                                                                  c.text("to"), c.text("from"), c.text("to")));
                if (c.given("steps")) v.values = over.steps(static_cast<std::size_t>(c.integer("steps")));
                else if (samples()) v.over = over;
                else return wrong(c.at, fmt::format("vary: {} wants `steps` with method = \"grid\", \"zip\" or \"list\"", v.key));
            } catch (const std::invalid_argument& why) {
                return wrong(c.at, fmt::format("vary: {}", why.what()));
            }
            for (const char* end : {"from", "to"})
                if (!free) out_.values.push_back({{v.key, c.text(end)}, {c.find(end)->at, fmt::format("vary.{}", end)}, c.at, true, true});
        }
        const auto same = [&](const varied& other) { return other.key == v.key || (!free && !other.free && alike(other.key, v.key)); };
        if (std::any_of(out_.what.parameters.begin(), out_.what.parameters.end(), same)) return wrong(c.at, fmt::format("vary: {} varies already", v.key));
        if (ranged) out_.scales.emplace_back(heading_of(c), c.integer("scale") == 1);
        add(std::move(v), heading_of(c), ranged ? c.at : c.find("values")->at, ranged ? "vary" : "vary.values", c.at, ranged);
    }

    void vary_by_command(const std::string& set) {
        const std::size_t equals = set.find('=');
        const std::string key = key_of(set);
        const auto named = names_.find(key);
        const bool free = named != names_.end() && named->second.empty();
        const position at{base_.found.add_source("--set " + set), 0, 0};
        if (behind(key) == "seed") return wrong(at, no_seed);
        varied v{free ? key : behind(key), split_values(set.substr(equals + 1)), {}, free};
        const bool ranged = may_be_range(v.key, r_) && std::any_of(v.values.begin(), v.values.end(), means_range);
        if (ranged && !take_range(v, key, at)) return;
        add(std::move(v), key, at, "", at, ranged);
    }

    // As `from`, `to`, `steps` and `scale` of a [[vary]].
    bool take_range(varied& v, const std::string& heading, position at) {
        try {
            if (v.values.size() > 1) throw std::invalid_argument("a range stands by itself, and not among other values");
            const range_text text = range_of_text(v.values[0]);
            const range over(text.from, text.to, text.logarithmic);
            if (text.steps == std::size_t{1} && over.at(0) != over.at(1))
                throw std::invalid_argument(fmt::format("in 1: leaves out {}; from {} to {} takes 2 steps or more", text.to, text.from, text.to));
            if (!text.steps && !samples())
                throw std::invalid_argument(fmt::format("wants a number of steps, as in \"{} in 5\": any value of a range is for the methods random, "
                                                        "latin_hypercube and sobol", v.values[0]));
            v.values.clear();
            if (text.steps) v.values = over.steps(*text.steps);
            else v.over = over;
            if (!v.free)
                for (const std::string& end : {text.from, text.to}) out_.values.push_back({{v.key, end}, {at, ""}, at, true, true});
            out_.scales.emplace_back(heading, text.logarithmic);
            return true;
        } catch (const std::invalid_argument& why) {
            wrong(at, why.what());
            return false;
        }
    }

    std::string behind(const std::string& name) const {
        const auto named = names_.find(name);
        return named == names_.end() || named->second.empty() ? name : named->second;
    }

    // A name that is free stands for its key in expressions; of a pattern, for whatever it sets.
    void call(const component& c) {
        const std::string& name = c.text("name");
        if (scenario::settings_of(name, r_).empty()) out_.what.called.emplace(name, c.text("key"));
    }

    // A name that no parameter has.
    bool is_variable(const component& c, const char* what) {
        const std::string& name = c.text("name");
        if (!c.given("name")) wrong(c.at, fmt::format("{0}: wants a `key`, or, for a variable of the sweep alone, a `name`", what));
        else if (!scenario::settings_of(name, r_).empty())
            wrong(c.find("name")->at, fmt::format("{}: {} is a parameter of the scenario: write it as `key`", what, name));
        else return true;
        return false;
    }

    std::string heading_of(const component& c) const { return c.given("name") && !c.text("name").empty() ? c.text("name") : c.text("key"); }

    std::optional<expression> parsed(const component& c, const char* key, const std::string& label) {
        if (!c.given(key)) return {};
        return parsed(c.text(key), c.find(key)->at, label);
    }

    std::optional<expression> parsed(const std::string& text, position at, const std::string& label) {
        try {
            expression e(text);
            e.mark = out_.places.size();
            out_.places.push_back({at, label});
            return e;
        } catch (const expression_error& why) {
            wrong(at, fmt::format("{} = \"{}\", column {}: {}", label, text, why.column, why.what()));
            return {};
        }
    }

    void derive(const component& c) {
        const bool free = c.text("key").empty();
        if (free && !is_variable(c, "derive")) return;
        if (!free) call(c);
        const std::string& key = free ? c.text("name") : c.text("key");
        if (key == "seed") return wrong(c.find("key")->at, fmt::format("derive.key: {}", no_seed));
        const auto same = [&](const std::string& other) { return other == key || (!free && alike(other, key)); };
        const plan& p = out_.what;
        if (std::any_of(p.parameters.begin(), p.parameters.end(), [&](const varied& v) { return same(v.key); }))
            return wrong(c.at, fmt::format("derive: {} varies already", key));
        if (std::any_of(p.follows.begin(), p.follows.end(), [&](const derived& d) { return same(d.key); }))
            return wrong(c.at, fmt::format("derive: {} is derived already", key));
        if (auto as = parsed(c, "as", "derive.as")) {
            out_.what.follows.push_back({free ? c.text("name") : c.text("key"), std::move(*as), free});
            out_.headings.push_back(heading_of(c));
            out_.of_headings.push_back({c.at, "derive"});
        }
    }

    // Keys that set the same of the scenario.
    bool alike(const std::string& a, const std::string& b) const {
        const auto first = scenario::settings_of(a, r_);
        return !first.empty() && first == scenario::settings_of(b, r_);
    }

    void constrain(const std::string& text, position at) {
        if (auto e = parsed(text, at, "sweep.constraints")) out_.what.constraints.push_back(std::move(*e));
    }

    void tell(const component& c) {
        auto as = parsed(c, "as", "figure.as");
        auto at_most = parsed(c, "at_most", "figure.at_most"), at_least = parsed(c, "at_least", "figure.at_least"),
             equals = parsed(c, "equals", "figure.equals"), where = parsed(c, "where", "figure.where"),
             close_where = parsed(c, "close_where", "figure.close_where");
        if (c.given("within") && !c.given("at_most") && !c.given("at_least") && !c.given("equals"))
            wrong(c.find("within")->at, "figure.within: wants at_most, at_least or equals, the closed form that it is to be close to");
        if (c.given("equals") && !c.given("within")) wrong(c.find("equals")->at, "figure.equals: wants `within`, how close its mean has to be");
        if (c.given("where") && !c.given("at_most") && !c.given("at_least") && !c.given("equals"))
            wrong(c.find("where")->at, "figure.where: wants at_most, at_least or equals, the closed form that holds there");
        if (c.given("close_where") && !c.given("within")) wrong(c.find("close_where")->at, "figure.close_where: wants `within`");
        if (!as) return;
        figure f{c.name, c.text("unit"), std::move(*as), {}, std::move(at_most), std::move(at_least), std::move(equals), std::move(where),
                 std::move(close_where), {}};
        if (c.integer("aim")) f.wanted = c.integer("aim") == 1 ? aim::minimise : aim::maximise;
        if (c.given("within")) f.within = static_cast<double>(c.integer("within")) / 1e18;
        f.at = {c.at, "figure"};
        if (c.given("unit")) f.unit_at = {c.find("unit")->at, "figure.unit"};
        out_.figures.push_back(std::move(f));
    }

    scenario::reading& base_;
    const scenario::resolved& r_;
    const scenario::read_options& options_;
    std::vector<std::string> varied_;
    std::map<std::string, std::string> names_;
    description out_;
};

}  // namespace

// That of the table behind whose beginning it stands.
wrong_part wrong_in(const scenario::reading& r) {
    wrong_part part = wrong_part::none;
    for (const scenario::problem& p : r.found.all()) {
        const component* in = nullptr;
        for (const component& c : r.what->components)
            if (c.at.file == p.at.file && c.at.line <= p.at.line && (!in || c.at.line > in->at.line)) in = &c;
        if (!in || !in->kind->for_sweeps || p.at.line == 0) return wrong_part::scenario;
        part = std::max(part, std::string_view(in->kind->name) == "figure" ? wrong_part::figures : wrong_part::sweep);
    }
    return part;
}

std::vector<std::string> split_values(const std::string& text) {
    std::vector<std::string> all(1);
    int depth = 0;
    char quote = 0;
    for (const char c : text) {
        if (quote ? c == quote : c == '"' || c == '\'') quote = quote ? 0 : c;
        if (!quote && (c == '[' || c == '{')) ++depth;
        if (!quote && (c == ']' || c == '}')) --depth;
        if (c == ',' && !quote && depth <= 0) all.emplace_back();
        else if (c != ' ' || !all.back().empty()) all.back() += c;
    }
    for (std::string& one : all) {  // a shell in a shell leaves some: "25 MHz"
        const char mark = one.empty() ? 0 : one.front();
        if (one.size() > 1 && (mark == '"' || mark == '\'') && one.find(mark, 1) == one.size() - 1) one = one.substr(1, one.size() - 2);
    }
    return all;
}

std::string heading_of(const description& d, const std::string& key) {
    std::size_t n = 0;
    for (const varied& v : d.what.parameters) {
        if (v.key == key) return d.headings[n];
        ++n;
    }
    for (const derived& f : d.what.follows) {
        if (f.key == key) return d.headings[n];
        ++n;
    }
    return key;
}

reading read_sweep(const std::string& file, const scenario::read_options& given) {
    scenario::read_options options = given;
    std::vector<std::string> varied;
    std::map<std::string, std::string> names;
    options.sets.clear();
    std::optional<scenario::reading> alone;
    if (!given.sets.empty())
        if (alone.emplace(scenario::read(file, options)); alone->what) names = names_of(*alone->what);
    for (const std::string& set : given.sets) {
        const auto named = names.find(key_of(set));
        const bool free = named != names.end() && named->second.empty();
        if (!same_for_all(set, alone->what ? &*alone->what : nullptr) || free) varied.push_back(set);
        else options.sets.push_back(named == names.end() ? set : named->second + set.substr(set.find('=')));
    }
    reading out{scenario::read(file, options), {}};
    if (wrong_in(out.base) == wrong_part::scenario) return out;
    out.what = reader(out.base, options, std::move(varied)).read();
    return out;
}

}  // namespace nicteam::sweep
