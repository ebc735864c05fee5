#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "sweep/results/table.h"
#include "sweep/statistics/effects.h"

namespace nicteam::sweep {
namespace {

std::string label(const cell& c) {
    if (const auto* s = std::get_if<std::string>(&c)) return *s;
    if (const auto* n = std::get_if<std::int64_t>(&c)) return fmt::format("{}", *n);
    if (const auto* x = std::get_if<double>(&c)) return fmt::format("{}", *x);
    return "";
}

// The values of a parameter, a text a point. Of one that has another value at nearly every point, as samples have, the thirds of its range,
// on a logarithmic scale of its logarithm.
std::vector<std::string> levels_of(const table& points, std::size_t at, bool logarithmic) {
    std::vector<std::string> all;
    std::vector<double> numbers;
    for (const auto& row : points.rows) {
        all.push_back(label(row[at]));
        if (const auto* x = std::get_if<double>(&row[at])) numbers.push_back(*x);
    }
    std::vector<std::string> distinct = all;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    if (numbers.size() < all.size() || distinct.size() <= 6 || 2 * distinct.size() <= all.size()) return all;
    const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
    const bool ratios = logarithmic && *least > 0;
    const auto placed = [&](double x) { return ratios ? std::log(x) : x; };
    const double low = placed(*least), third = (placed(*most) - low) / 3;
    const auto edge = [&](int n) { return ratios ? std::exp(low + n * third) : low + n * third; };
    for (std::size_t n = 0; n < all.size(); ++n) {
        const int part = std::clamp(static_cast<int>((placed(numbers[n]) - low) / third), 0, 2);
        all[n] = fmt::format("{:.4g} to {:.4g}", edge(part), edge(part + 1));
    }
    return all;
}

}  // namespace

table table_of_effects(const description& d, const table& points) {
    table t{"effects",
            {{column::text, "figure", "", "on which"},
             {column::text, "parameter", "", "which; of each figure the one with the greatest swing comes first"},
             {column::text, "level", "", "its value, or a third of its range"},
             {column::integer, "points", "points", "that have it"},
             {column::real, "mean", "", "of the figure over these points, in the figure's unit"},
             {column::real, "swing", "", "greatest of the parameter's means less the least"}},
            {}};
    std::vector<std::size_t> parameters;
    for (std::size_t n = 0; n < points.columns.size(); ++n)
        if (points.columns[n].role == column::parameter) parameters.push_back(n);
    std::vector<std::vector<std::string>> values(points.rows.size());
    for (const std::size_t at : parameters) {
        const auto is = [&](const auto& scale) { return scale.first == points.columns[at].name && scale.second; };
        const std::vector<std::string> levels = levels_of(points, at, std::any_of(d.scales.begin(), d.scales.end(), is));
        for (std::size_t n = 0; n < levels.size(); ++n) values[n].push_back(levels[n]);
    }
    for (std::size_t n = 0; n < points.columns.size(); ++n) {
        if (points.columns[n].role != column::figure) continue;
        std::vector<double> figures;
        for (const auto& row : points.rows) {
            const auto* x = std::get_if<double>(&row[n]);
            figures.push_back(x ? *x : std::numeric_limits<double>::quiet_NaN());
        }
        for (const effect& e : main_effects(values, figures))
            for (const level_mean& l : e.levels)
                t.rows.push_back({points.columns[n].name, points.columns[parameters[e.parameter]].name, l.value, static_cast<std::int64_t>(l.points), l.mean,
                        e.swing});
    }
    return t;
}

}  // namespace nicteam::sweep
