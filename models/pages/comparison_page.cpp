#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nicteam/report/html.h"
#include "nicteam/sweep/whole_file.h"
#include "pages/comparison.h"
#include "pages/document.h"
#include "pages/embedded.h"
#include "pages/gnuplot.h"
#include "pages/tables.h"

namespace nicteam::pages {
namespace {

using nlohmann::ordered_json;
using report::escaped;

std::string number(double x, const std::string& text) {
    return std::isfinite(x) ? fmt::format("<td class=\"n\"><data value=\"{}\">{}</data></td>", x, escaped(text)) : "<td></td>";
}

std::string table_of(const std::vector<difference>& all, const char* id, double confidence) {
    if (all.empty()) return "";
    std::string s = fmt::format("<div class=\"scroll\"><table id=\"{}\"><thead><tr>"
                                "<th scope=\"col\">figure</th><th scope=\"col\">of</th><th scope=\"col\" class=\"n\">A</th>"
                                "<th scope=\"col\" class=\"n\">B</th><th scope=\"col\" class=\"n\">B \u2212 A</th>"
                                "<th scope=\"col\" class=\"n\">\u00b1 at {:g} %</th>"
                                "<th scope=\"col\">differs</th></tr></thead>\n<tbody>\n", id, confidence * 100);
    for (const difference& d : all) {
        const std::string word = verdict_text(d);
        s += fmt::format("<tr{}><td>{}</td><td>{}</td>", d.differs() ? " class=\"base\"" : "", escaped(d.figure), escaped(d.of.empty() ? "all points" : d.of));
        s += number(d.a, shown(d.a, d.unit)) + number(d.b, shown(d.b, d.unit)) + number(d.b - d.a, change_text(d)) + number(d.interval.half_width,
                between_text(d.interval.half_width, d.unit));
        s += fmt::format("<td>{}</td></tr>\n", escaped(word));
    }
    return s + "</tbody></table></div>\n";
}

ordered_json json_of(const difference& d) {
    const auto known = [](double x) { return std::isfinite(x) ? ordered_json(x) : ordered_json(nullptr); };
    return {{"figure", d.figure}, {"unit", d.unit}, {"of", d.of}, {"a", d.a}, {"b", d.b}, {"half", known(d.interval.half_width)}, {"differs", verdict_text(d)}};
}

}  // namespace

void write_comparison_page(const comparison& c, const std::string& file) {
    document page("A and B: " + c.a + ", " + c.b);
    page.header(fmt::format("<header>\n<p class=\"kicker\">comparison of two {}s</p>\n<h1>{} and {}</h1>\n<p class=\"verdict {}\">{}</p>\n", c.kind,
            escaped(c.a),
                            escaped(c.b), c.worse ? "bad" : "open",
                            c.worse ? c.kind == "sweep" ? "B does not keep what A keeps" : "B breaks an expectation that A keeps" : c.differs() ? "they differ"
                                    : c.compared ? "nothing that was judged differs" : c.not_judged() ? "not judged" : "the same"));
    page.header(paragraph(conclusion(c) + "."));
    if (c.not_judged())
        for (const std::string& hint : c.hints) page.header(paragraph("To have it judged: " + hint + ".", "dim"));
    page.header(paragraph("A: " + c.a + " (" + c.title_a + ")") + paragraph("B: " + c.b + " (" + c.title_b + ")"));
    const bool pairs = std::all_of(c.single.begin(), c.single.end(), [](const difference& d) { return d.paired || std::isnan(d.interval.half_width); });
    page.header(paragraph(fmt::format("Student\u2019s intervals at {:g} %, {}. \u201cby itself only\u201d: it stands out, "
                                      "but not when {} comparisons are made at once (Bonferroni).",
                                      c.confidence * 100, pairs ? "of pairs: the same seed on both sides"
                                              : "by Welch where seeds are not the same", c.compared), "dim") +
                "</header>\n");
    report::html_table settings("<<<", {"setting", "A", "B"});
    for (const setting& of : c.settings) settings.row({of.key, of.a, of.b});
    page.section("settings", "Settings that differ", settings.empty() ? "" : settings.text("table-settings"));
    page.section("overall", "All points together", table_of(c.overall, "table-overall", c.confidence));
    const bool drawn = std::any_of(c.single.begin(), c.single.end(), [](const difference& d) { return !std::isnan(d.interval.half_width); });
    // Beside it, by the same name.
    std::filesystem::path script(file);
    if (script.extension() == ".gp") script += ".gp";
    else script.replace_extension(".gp");
    const bool plotted = drawn && is_ours_or_none(script.string());
    const std::string beside = escaped(script.filename().string());
    const std::string plot = plotted ? fmt::format("<p class=\"dim\"><a href=\"{0}\"><code>{0}</code></a> draws them with gnuplot.</p>\n", beside) : "";
    page.section("differences", "Differences", (drawn ? chart_place("chart-differences", "differences",
            "B less A, with its interval. Left of the line A is more.") + plot : "") +
                                                   table_of(c.single, "table-differences", c.confidence));
    std::string notes;
    for (const std::string& n : c.notes) notes += paragraph(n);
    page.section("notes", "Notes", notes);
    ordered_json all = ordered_json::array();
    for (const difference& d : c.single) all.push_back(json_of(d));
    const ordered_json data{{"differences", std::move(all)}};
    sweep::write_whole(file, page.text(data.dump(-1, ' ', false, ordered_json::error_handler_t::replace), comparison_script));
    if (plotted) sweep::write_whole(script, comparison_plot_script(c, script.stem().string()));
}

}  // namespace nicteam::pages
