#include <algorithm>

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

std::string percent(double x) { return fmt::format("{:.4g} %", 100 * x); }

std::int64_t number(const cell& c) { return std::holds_alternative<std::int64_t>(c) ? std::get<std::int64_t>(c) : 0; }

// To which of its forms `within` holds a figure.
bool is_near(const stored_sweep& s, const std::vector<cell>& figure, const std::string& which) {
    for (const char* form : {"equals", "at_most", "at_least"})
        if (!text(figure[at(s.figures, form)]).empty()) return which == form;
    return false;
}

}  // namespace

form_shares shares_of(const stored_sweep& s, const std::vector<cell>& figure, const std::string& which) {
    const std::string name = text(figure[0]);
    const std::size_t is = at(s.points, name), form = at(s.points, name + "_" + which), counts = at(s.points, name + "_counts");
    const bool near = is_near(s, figure, which);
    form_shares found;
    for (const auto& row : s.points.rows) {
        if (near && !number(row[counts])) continue;
        const auto *x = std::get_if<double>(&row[is]), *f = std::get_if<double>(&row[form]);
        if (!x || !f || *f == 0) continue;
        found.least = found.points ? std::min(found.least, *x / *f) : *x / *f;
        found.most = found.points ? std::max(found.most, *x / *f) : *x / *f;
        ++found.points;
    }
    return found;
}

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
            const form_shares share = shares_of(s, row, which);
            const bool mean = which == "equals";
            const auto* within = is_near(s, row, which) ? std::get_if<double>(&of("within")) : nullptr;
            const std::string held = runs(number(of(mean ? "held_near" : "held_" + which)));
            t.row({text(row[0]), mean ? "equals in the mean" : which == "at_most" ? "at most" : "at least", form, held, within ? percent(*within) : "",
                   within ? runs(number(of("held_near"))) : "", share.points ? percent(share.least) : "-",
                   share.points ? percent(share.most) : "-"});
        }
    }
    if (t.empty()) return "";
    std::string told;
    for (const auto& b : s.breaches.rows) told += paragraph(text(b[0]), "bad");
    if (s.breaches.rows.size() > most_breaches)
        told = fmt::format("<details><summary>{} breaches</summary>{}</details>\n", s.breaches.rows.size(), told);
    if (s.breaches.rows.empty()) told = paragraph(everywhere ? "Every run kept to all of them." : "Every run kept to those that it was held to.");
    return t.text("table-closed-forms") + told;
}

}  // namespace nicteam::pages
