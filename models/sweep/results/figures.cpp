#include "sweep/results/figures.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/sweep/interval.h"
#include "sweep/results/amount_text.h"

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
    return number_of(in_base(a.value.value_or(std::numeric_limits<double>::quiet_NaN()), factor), of);
}

// Of several metrics that a pattern matches, amounts add up; properties of samples do not.
expression_value together(const question& q, const std::vector<answer>& all) {
    if (all.empty()) throw std::invalid_argument(fmt::format("{} matches no metric of the run", to_string(q)));
    const bool adds = q.of == "total" || q.of == "rate";
    if (all.size() > 1 && !adds)
        throw std::invalid_argument(fmt::format("{} stands for {} metrics, whose {} do not add up; name one", to_string(q), all.size(), q.of));
    expression_value sum = number_of(0);
    for (const answer& a : all) {
        if (!a.why.empty()) throw std::invalid_argument(a.why);
        const expression_value v = value_of(a);
        sum.amount += v.amount, sum.of = v.of;
    }
    return sum;
}

// What is made of a figure that is not known.
struct not_known {};

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
        throw std::invalid_argument(fmt::format("= \"{}\": does not go with {}, which figure {} is", f.unit, name_of(known), f.name));
    return asked;
}

std::string figures::shown(const figure& f, double amount, dimension of) const {
    figure_unit unit = unit_of(of);
    if (double factor = 1; !f.unit.empty() && dimension_of_unit(f.unit, factor) == of) unit = {f.unit, factor};
    return amount_text(out_of_base(amount, unit.factor), unit.name);
}

// A property of a metric; else a figure before this one, a parameter of the point, a setting of the scenario, the total of a metric.
expression_value figures::named(const context& p, const std::string& name) const {
    for (std::size_t n = 0; n < p.before.size(); ++n)
        if (what_.figures[n].name == name) {
            if (!p.before[n].known) throw not_known();
            return number_of(p.before[n].value.value_or(std::numeric_limits<double>::quiet_NaN()), p.before[n].of);
        }
    for (std::size_t n = p.before.size(); n < what_.figures.size(); ++n)
        if (what_.figures[n].name == name)
            throw std::invalid_argument(fmt::format("{} is no figure before {}: a figure knows those before it", name, p.now.name));
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

// Nothing: it cannot be worked out.
std::optional<expression_value> figures::value(const expression& e, const context& p) const {
    try {
        const expression_value v = e.value([&](const std::string& name) { return named(p, name); });
        if (v.kind == expression_value::number) return v;
        p.tell.wrong(p.now, wrong_expression(e, 0, fmt::format("is {}; a number was expected", kind_of(v))));
    } catch (const expression_error& why) {
        p.tell.wrong(p.now, wrong_expression(e, why.column, why.what()));
    } catch (const not_known&) {
        // Told where it is not known.
    }
    return {};
}

std::vector<worked_figure> figures::of(const one_run& r, const point& at, std::vector<breach>& breaches, const tellers& tell) const {
    std::vector<worked_figure> all;
    const bool ran = r.found && r.found->status != record::failed;
    for (const figure& f : what_.figures) {
        worked_figure w;
        if (ran) {
            const context p{r, at, all, f, tell};
            if (const auto v = value(f.as, p)) {
                w.known = true, w.of = v->of;
                if (std::isfinite(v->amount)) w.value = v->amount;
                else tell_unmeasured(f.as, p);
                hold(f, p, w, breaches);
            }
        }
        all.push_back(w);
    }
    return all;
}

void figures::tell_unmeasured(const expression& e, const context& p) const {
    p.tell.unmeasured(p.now, wrong_expression(e, 0, "what it is made of was not measured"));
}

std::optional<double> figures::bound(const std::optional<expression>& e, const context& p, dimension of) const {
    const auto v = e ? value(*e, p) : std::nullopt;
    if (!v) return {};
    if (v->of != of) p.tell.wrong(p.now, wrong_expression(*e, 0, fmt::format("is {}, the figure is {}", name_of(v->of), name_of(of))));
    else if (std::isfinite(v->amount)) return v->amount;
    else tell_unmeasured(*e, p);
    return {};
}

bool figures::holds(const std::optional<expression>& where, const context& p) const {
    if (!where) return true;
    try {
        return where->holds([&](const std::string& name) { return named(p, name); });
    } catch (const expression_error& why) {
        p.tell.wrong(p.now, wrong_expression(*where, why.column, why.what()));
    } catch (const not_known&) {
        // Told where it is not known.
    }
    return false;
}

void figures::hold(const figure& f, const context& p, worked_figure& w, std::vector<breach>& breaches) const {
    if (!holds(f.where, p)) {
        w.close = false;
        return;
    }
    w.at_most = bound(f.at_most, p, w.of), w.at_least = bound(f.at_least, p, w.of), w.equals = bound(f.equals, p, w.of);
    w.close = holds(f.close_where, p);
    if (!w.value) return;
    const std::optional<double>& near = f.equals ? w.equals : w.at_most ? w.at_most : w.at_least;
    w.counts = near && (!f.within || w.close);
    const auto broken = [&](const std::string& how, double form) {
        breaches.push_back({p.run.point, fmt::format("point {}, replicate {}: {} = {} is {}, {}", p.run.point, p.run.replicate, f.name,
                                                     shown(f, *w.value, w.of), how, shown(f, form, w.of))});
    };
    const double tolerance = 1e-12 * std::abs(*w.value);
    if (w.at_most && *w.value > *w.at_most + tolerance) return broken("above its closed form", *w.at_most);
    if (w.at_least && *w.value < *w.at_least - tolerance) return broken("below its closed form", *w.at_least);
    if (!f.within || f.equals || !w.counts) return;
    if (std::abs(*w.value - *near) > *f.within * std::abs(*near)) broken(fmt::format("not within {:g} % of its closed form", *f.within * 100), *near);
}

void figures::hold_mean(std::size_t number, std::size_t at, const std::vector<worked_figure>& runs, std::vector<breach>& breaches) const {
    const figure& f = what_.figures[number];
    if (!f.equals) return;
    std::vector<double> errors, measured, forms;
    dimension of;
    for (const worked_figure& w : runs) {
        if (!w.counts) continue;
        of = w.of;
        measured.push_back(*w.value), forms.push_back(*w.equals);
        errors.push_back(*w.value == *w.equals ? 0 : *w.equals == 0 ? std::numeric_limits<double>::infinity() : (*w.value - *w.equals) / std::abs(*w.equals));
    }
    if (errors.empty()) return;
    const interval error = interval_of(errors, what_.confidence);
    const double half = errors.size() > 1 ? error.half_width : 0;
    if (std::abs(error.mean) + half <= *f.within + 1e-12) return;
    breaches.push_back({at, fmt::format("point {}: {} is {} in the mean of {} run{}, its closed form {}: {:+.3g} % ± {:.2g} %, and not within {:g} %", at,
                                        f.name, shown(f, interval_of(measured).mean, of), errors.size(), errors.size() > 1 ? "s" : "",
                                        shown(f, interval_of(forms).mean, of), error.mean * 100, half * 100, *f.within * 100)});
}

}  // namespace nicteam::sweep
