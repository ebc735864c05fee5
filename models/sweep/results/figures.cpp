#include "sweep/results/figures.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/sweep/interval.h"

namespace nicteam::sweep {
namespace {

dimension dimension_of_unit(const std::string& unit, double& factor) {
    dimension of;
    factor = 1;
    find_unit(unit, factor, of);
    return of;
}

expression_value value_of(const answer& a) {
    double factor = 1;
    const dimension of = dimension_of_unit(a.unit, factor);
    return number_of(a.value.value_or(std::numeric_limits<double>::quiet_NaN()) * factor, of);
}

// Of several metrics that a pattern matches, amounts add up; properties of samples do not.
expression_value together(const question& q, const std::vector<answer>& all) {
    if (all.empty()) throw std::invalid_argument(fmt::format("{} matches no metric of the run", to_string(q)));
    const bool adds = q.of == "total" || q.of == "rate";
    if (all.size() > 1 && !adds)
        throw std::invalid_argument(fmt::format("{} stands for {} metrics, whose {} do not add up; name one", to_string(q), all.size(), q.of));
    expression_value sum = number_of(0);
    for (const answer& a : all) {
        const expression_value v = value_of(a);
        sum.amount += v.amount, sum.of = v.of;
    }
    return sum;
}

std::string shown(double amount, dimension of) {
    const figure_unit unit = unit_of(of);
    return fmt::format("{:.6g}{}{}", amount / unit.factor, unit.name.empty() ? "" : " ", unit.name);
}

// Where in the figure's text it went wrong.
template <class Work>
auto told_of(const figure& f, const expression& e, Work work) {
    try {
        return work();
    } catch (const expression_error& why) {
        throw std::invalid_argument(fmt::format("figure {}: \"{}\", column {}: {}", f.name, e.text(), why.column, why.what()));
    }
}

}  // namespace

figure_unit unit_of(dimension of) {
    if (of == dimension{1, 0}) return {"s"};
    if (of == dimension{-1, 0}) return {"Hz"};
    if (of == dimension{-1, 1}) return {"bps"};
    if (of == dimension{0, 1}) return {"B", 8};
    if (of == dimension{}) return {};
    return {fmt::format("s^{} bit^{}", of.second, of.bit)};
}

figures::figures(const description& what, const scenario_keys& keys) : what_(what), names_(what.what, keys) {}

figure_unit figures::unit(std::size_t number, dimension known) const {
    const figure& f = what_.figures[number];
    if (f.unit.empty()) return unit_of(known);
    figure_unit asked{f.unit};
    if (dimension_of_unit(f.unit, asked.factor) != known)
        throw std::invalid_argument(fmt::format("figure {}: unit \"{}\" does not go with {}", f.name, f.unit, name_of(known)));
    return asked;
}

// A property of a metric; else a figure before this one, a parameter of the point, a setting of the scenario, the total of a metric.
expression_value figures::named(const place& p, const std::string& name) const {
    for (std::size_t n = 0; n < p.before.size(); ++n)
        if (what_.figures[n].name == name) return number_of(p.before[n].value.value_or(std::numeric_limits<double>::quiet_NaN()), p.before[n].of);
    const question q = question_of(name);
    const std::vector<answer>* all = p.run.found ? p.run.found->find(q) : nullptr;
    if (name.find('(') == std::string::npos) {
        try {
            return names_.value(p.at.set, name);
        } catch (const std::invalid_argument&) {
            if (!all) throw;
        }
    }
    if (!all) throw std::invalid_argument(fmt::format("{} was not measured", to_string(q)));
    return together(q, *all);
}

expression_value figures::value(const expression& e, const figure& f, const place& p) const {
    const expression_value v = told_of(f, e, [&] { return e.value([&](const std::string& name) { return named(p, name); }); });
    if (v.kind != expression_value::number)
        throw std::invalid_argument(fmt::format("figure {}: \"{}\" is {}; a number was expected", f.name, e.text(), kind_of(v)));
    return v;
}

std::vector<worked_figure> figures::of(const one_run& r, const point& at, std::vector<std::string>& breaches) const {
    std::vector<worked_figure> all;
    const bool ran = r.found && r.found->status != record::failed;
    for (const figure& f : what_.figures) {
        worked_figure w;
        if (ran) {
            const place p{r, at, all};
            const expression_value v = value(f.as, f, p);
            w.of = v.of;
            if (std::isfinite(v.amount)) w.value = v.amount;
            hold(f, p, w, breaches);
        }
        all.push_back(w);
    }
    return all;
}

std::optional<double> figures::bound(const std::optional<expression>& e, const figure& f, const place& p, dimension of) const {
    if (!e) return {};
    const expression_value v = value(*e, f, p);
    if (v.of != of) throw std::invalid_argument(fmt::format("figure {}: \"{}\" is {}, the figure is {}", f.name, e->text(), name_of(v.of), name_of(of)));
    return v.amount;
}

void figures::hold(const figure& f, const place& p, worked_figure& w, std::vector<std::string>& breaches) const {
    w.at_most = bound(f.at_most, f, p, w.of), w.at_least = bound(f.at_least, f, p, w.of), w.equals = bound(f.equals, f, p, w.of);
    if (!w.value) return;
    const auto breach = [&](const std::string& how, double form) {
        breaches.push_back(fmt::format("point {}, replicate {}: {} = {} is {}, {}", p.run.point, p.run.replicate, f.name, shown(*w.value, w.of), how,
                                       shown(form, w.of)));
    };
    const double tolerance = 1e-12 * std::abs(*w.value);
    if (w.at_most && *w.value > *w.at_most + tolerance) breach("above its closed form", *w.at_most);
    if (w.at_least && *w.value < *w.at_least - tolerance) breach("below its closed form", *w.at_least);
    const auto counts = [&] { return f.close_where->holds([&](const std::string& name) { return named(p, name); }); };
    w.close = !f.close_where || told_of(f, *f.close_where, counts);
    if (!f.within || f.equals || !w.close) return;
    const double form = w.at_most ? *w.at_most : *w.at_least;
    if (std::abs(*w.value - form) > *f.within * std::abs(form)) breach(fmt::format("not within {:g} % of its closed form", *f.within * 100), form);
}

void figures::hold_mean(std::size_t number, std::size_t at, const std::vector<worked_figure>& runs, std::vector<std::string>& breaches) const {
    const figure& f = what_.figures[number];
    std::vector<double> errors, measured, forms;
    for (const worked_figure& w : runs) {
        if (!w.value || !w.equals || !w.close) continue;
        measured.push_back(*w.value), forms.push_back(*w.equals);
        errors.push_back(*w.value == *w.equals ? 0 : *w.equals == 0 ? std::numeric_limits<double>::infinity() : (*w.value - *w.equals) / std::abs(*w.equals));
    }
    if (errors.empty()) return;
    const interval error = interval_of(errors, what_.confidence);
    const double half = errors.size() > 1 ? error.half_width : 0;
    if (std::abs(error.mean) + half <= *f.within + 1e-12) return;
    breaches.push_back(fmt::format("point {}: {} is {} in the mean of {} run{}, its closed form {}: {:+.3g} % ± {:.2g} %, and not within {:g} %", at, f.name,
                                   shown(interval_of(measured).mean, runs[0].of), errors.size(), errors.size() > 1 ? "s" : "",
                                   shown(interval_of(forms).mean, runs[0].of), error.mean * 100, half * 100, *f.within * 100));
}

}  // namespace nicteam::sweep
