// Figures of runs: worked out from what was measured, and held to their closed forms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sweep/results/table.h"

namespace nicteam::sweep {

// A figure at one run, in seconds and bits; nothing is known of a run that did not end.
struct worked_figure {
    std::optional<double> value, at_most, at_least, equals;
    dimension of{};
    bool close = true;  // `close_where` holds
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

    // One a figure of the description. Breaches of closed forms are added, a line each. Throws std::invalid_argument.
    std::vector<worked_figure> of(const one_run&, const point&, std::vector<std::string>& breaches) const;
    // Whether the mean of a point's runs equals its closed form: their errors relative to it, with their whole interval.
    void hold_mean(std::size_t figure, std::size_t point, const std::vector<worked_figure>&, std::vector<std::string>& breaches) const;
    // In which a figure is told: the unit asked for, else one that suits. `known`: what runs gave.
    figure_unit unit(std::size_t figure, dimension known) const;

private:
    // A run, its point, and its figures so far.
    struct place {
        const one_run& run;
        const point& at;
        const std::vector<worked_figure>& before;
    };
    expression_value named(const place&, const std::string& name) const;
    expression_value value(const expression&, const figure&, const place&) const;
    std::optional<double> bound(const std::optional<expression>&, const figure&, const place&, dimension of) const;
    void hold(const figure&, const place&, worked_figure&, std::vector<std::string>& breaches) const;

    const description& what_;
    names_at names_;
};

}  // namespace nicteam::sweep
