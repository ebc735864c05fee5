// Figures of runs: worked out from what was measured, and held to their closed forms.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sweep/results/table.h"

namespace nicteam::sweep {

// A figure at one run, in seconds and bits; nothing is known of a run that did not end.
struct worked_figure {
    std::optional<double> value, at_most, at_least, equals;
    dimension of{};
    bool known = false;  // `of` is: the run ended, and the figure could be worked out
    bool close = true;   // `close_where` holds
    bool counts = false; // its value is held to a closed form: with `within` to that which it has to be near
};

// A closed form that a run, or the mean of a point's, does not keep.
struct breach {
    std::optional<std::size_t> point;  // none: of all of them
    std::string text;
};

struct figure_unit {
    std::string name;
    double factor = 1;
};
figure_unit unit_of(dimension);  // s, Hz, bps, B, none, else what it is made of

class figures {
public:
    // Both have to outlive it.
    figures(const description&, const scenario_keys&);

    // What has no value at a run, and why: what could not be worked out, so that nothing is known of it nor of what is made of it; what is made of
    // something that was not measured, as a mean without samples.
    struct tellers {
        std::function<void(const figure&, const wrong_expression&)> wrong, unmeasured;
    };

    // One a figure of the description. Breaches of closed forms are added.
    std::vector<worked_figure> of(const one_run&, const point&, std::vector<breach>&, const tellers&) const;
    // Whether the mean of a point's runs equals its closed form: their errors relative to it, with their whole interval.
    void hold_mean(std::size_t figure, std::size_t point, const std::vector<worked_figure>&, std::vector<breach>&) const;
    // In which a figure is told: the unit asked for, else one that suits. `known`: what runs gave.
    figure_unit unit(std::size_t figure, dimension known) const;

private:
    // A run, its point, its figures so far, and the one that is worked out.
    struct context {
        const one_run& run;
        const point& at;
        const std::vector<worked_figure>& before;
        const figure& now;
        const tellers& tell;
    };
    expression_value named(const context&, const std::string& name) const;
    std::optional<expression_value> value(const expression&, const context&) const;
    void tell_unmeasured(const expression&, const context&) const;
    std::optional<double> bound(const std::optional<expression>&, const context&, dimension of) const;
    bool holds(const std::optional<expression>&, const context&) const;  // without one: everywhere; not where it cannot be worked out
    void hold(const figure&, const context&, worked_figure&, std::vector<breach>&) const;
    std::string shown(const figure&, double amount, dimension of) const;

    const description& what_;
    names_at names_;
};

}  // namespace nicteam::sweep
