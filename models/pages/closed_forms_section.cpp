#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "nicteam/report/html.h"
#include "pages/document.h"
#include "pages/sweep_sections.h"
#include "pages/tables.h"

namespace nicteam::pages {
namespace {

using sweep::cell;
using sweep::stored_sweep;

constexpr std::size_t most_breaches = 4;  // more are folded

std::string percent(double x) { return std::isfinite(x) ? fmt::format("{:.4g} %", 100 * x) : std::string("-"); }

std::int64_t number(const cell& c) { return std::holds_alternative<std::int64_t>(c) ? std::get<std::int64_t>(c) : 0; }

std::pair<double, double> shares(const stored_sweep& s, const std::string& figure, const char* which) {
    const std::size_t is = at(s.points, figure), form = at(s.points, figure + "_" + which);
    double least = std::numeric_limits<double>::infinity(), most = -least;
    for (const auto& row : s.points.rows)
        if (const auto *x = std::get_if<double>(&row[is]), *f = std::get_if<double>(&row[form]); x && f && *f != 0)
            least = std::min(least, *x / *f), most = std::max(most, *x / *f);
    return {least, most};
}

}  // namespace

std::string closed_forms_section(const stored_sweep& s) {
    report::html_table t("<<<>>>>>", {"figure", "is held to", "closed form", "held at", "within", "counts at", "least share of it", "greatest share of it"});
    bool everywhere = true;
    for (const auto& row : s.figures.rows) {
        const auto of = [&](const std::string& column) -> const cell& { return row[at(s.figures, column)]; };
        const std::int64_t ended = number(of("ended"));
        const auto runs = [&](std::int64_t n) {
            everywhere = everywhere && n == ended;
            return fmt::format("{} of {} runs", n, ended);
        };
        for (const std::string which : {"at_most", "at_least", "equals"}) {
            const std::string form = text(of(which));
            if (form.empty()) continue;
            const auto [least, most] = shares(s, text(row[0]), which.c_str());
            const bool mean = which == "equals", near = mean || (text(of("equals")).empty() && (which == "at_most" || text(of("at_most")).empty()));
            const auto* within = near ? std::get_if<double>(&of("within")) : nullptr;
            const std::string held = runs(number(of(mean ? "held_near" : "held_" + which)));
            t.row({text(row[0]), mean ? "equals in the mean" : which == "at_most" ? "at most" : "at least", form, held, within ? percent(*within) : "",
                   within ? runs(number(of("held_near"))) : "", percent(least), percent(most)});
        }
    }
    if (t.empty()) return "";
    std::string told;
    for (const auto& b : s.breaches.rows) told += paragraph(text(b[0]), "bad");
    if (s.breaches.rows.size() > most_breaches)
        told = fmt::format("<details><summary>{} breaches</summary>{}</details>\n", s.breaches.rows.size(), told);
    if (s.breaches.rows.empty()) told = paragraph(everywhere ? "Every run kept to all of them." : "Every run kept to those that it was held to.");
    return t.text() + told;
}

}  // namespace nicteam::pages
