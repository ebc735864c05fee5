#include "nicteam/pages/sweep_page.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nicteam/report/html.h"
#include "nicteam/sweep/stored.h"
#include "nicteam/sweep/verdict.h"
#include "nicteam/sweep/whole_file.h"
#include "pages/document.h"
#include "pages/embedded.h"
#include "pages/plot_script.h"
#include "pages/sweep_sections.h"
#include "pages/tables.h"

namespace nicteam::pages {
namespace {

using nlohmann::ordered_json;
using report::escaped;
using sweep::cell;
using sweep::column;
using sweep::stored_sweep;
using sweep::table;

constexpr std::size_t most_rows = 2000;  // of a table on the page

ordered_json json_of(const cell& c) {
    if (const auto* s = std::get_if<std::string>(&c)) return *s;
    if (const auto* n = std::get_if<std::int64_t>(&c)) return *n;
    if (const auto* x = std::get_if<double>(&c)) return *x;
    return nullptr;
}

ordered_json json_of(const table& t) {
    ordered_json columns = ordered_json::array(), rows = ordered_json::array();
    for (const column& c : t.columns)
        columns.push_back({{"name", c.name}, {"unit", c.unit}, {"meaning", c.meaning}, {"role", sweep::column_roles[c.role]},
                           {"kind", c.kind == column::text ? "text" : c.kind == column::integer ? "integer" : "real"}});
    for (const auto& row : t.rows) {
        ordered_json one = ordered_json::array();
        for (const cell& c : row) one.push_back(json_of(c));
        rows.push_back(std::move(one));
    }
    return {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

// Rows as objects.
ordered_json named(const table& t) {
    ordered_json all = ordered_json::array();
    for (const auto& row : t.rows) {
        ordered_json one = ordered_json::object();
        for (std::size_t n = 0; n < row.size(); ++n) one[t.columns[n].name] = json_of(row[n]);
        all.push_back(std::move(one));
    }
    return all;
}


std::string verdict_text(const sweep::verdict& v) {
    std::string t = fmt::format("{} of {} runs held", v.held, v.runs());
    if (v.broken) t += fmt::format(", {} with an expectation that did not hold", v.broken);
    if (v.failed) t += fmt::format(", {} failed", v.failed);
    if (v.missing) t += fmt::format(", {} not run yet", v.missing);
    if (v.beyond) t += fmt::format("; {} beyond a closed form", v.beyond);
    if (v.nowhere) t += fmt::format("; {} closed form{} held to nowhere", v.nowhere, v.nowhere == 1 ? "" : "s");
    return t;
}

class sweep_page {
public:
    explicit sweep_page(const stored_sweep& s) : s_(s), page_(name()) {}

    std::string make() {
        header();
        page_.section("limits", "What limits where", limits_section(s_, varied()));
        if (has(column::figure) && varied()) {
            page_.section("families", "Figures over parameters", families(), true);
            page_.section("map", "Heat map", heat_map(), true);
            if (has(column::front)) page_.section("front", "Trade-off", front());
            page_.section("sensitivity", "Sensitivity", sensitivity());
            page_.section("parallel", "All points", parallel(), true);
        }
        page_.section("closed-forms", "Closed forms", closed_forms_section(s_));
        page_.section("notes", "Left empty", notes());
        page_.section("points", "Points", html_of(s_.points, "table-points", most_rows, "baseline"));
        page_.section("runs", "Runs", "<details><summary>" + fmt::format("{} runs", s_.runs.rows.size()) + "</summary>"
                + html_of(s_.runs, "table-runs", most_rows) + "</details>\n");
        page_.section("columns", "What the columns mean", columns());
        page_.section("files", "Files", files());
        const ordered_json data{{"method", s_.fact("method")}, {"scales", s_.fact("scales")},
                                {"points", json_of(s_.points)}, {"figures", named(s_.figures)}, {"effects", named(s_.effects)}};
        return page_.text(data.dump(-1, ' ', false, ordered_json::error_handler_t::replace), sweep_script);
    }

private:
    std::string name() const { return s_.fact("title").empty() ? s_.fact("scenario") : s_.fact("title"); }
    bool has(column::role_type role) const {
        return std::any_of(s_.points.columns.begin(), s_.points.columns.end(), [&](const column& c) { return c.role == role; });
    }
    bool varied() const {
        for (std::size_t n = 0; n < s_.points.columns.size(); ++n)
            if (s_.points.columns[n].role == column::parameter)
                for (const auto& row : s_.points.rows)
                    if (row[n] != s_.points.rows.front()[n]) return true;
        return false;
    }

    void header() {
        const sweep::verdict v = sweep::verdict_of(s_.runs, s_.breaches);
        page_.header(fmt::format("<header>\n<p class=\"kicker\">sweep &middot; {} &middot; nicteam {}</p>\n<h1>{}</h1>\n", escaped(s_.fact("scenario")),
                escaped(s_.fact("version")),
                                 escaped(name())));
        page_.header(fmt::format("<p class=\"verdict {}\">{}&nbsp;{}</p>\n", v.good() ? "good" : "bad", v.good() ? "&#10003;" : "&#10007;",
                escaped(verdict_text(v))));
        if (!s_.fact("description").empty()) page_.header(prose(s_.fact("description")));
        std::string how = fmt::format("{} points ({}), {} {} each with {} seeds ({}).", s_.points.rows.size(), s_.fact("method"), s_.fact("replicates"),
                                      s_.fact("replicates") == "1" ? "run" : "runs", s_.fact("seeds"), seeds());
        if (s_.fact("replicates") != "1") how += fmt::format(" Bands, bars and half widths are Student's intervals at {:g} %.",
                std::stod(s_.fact("confidence")) * 100);
        if (s_.fact("constraints") != "0") how += fmt::format(" Constraints left out {}.", s_.fact("constraints"));
        page_.header(paragraph(how, "dim"));
        const bool of_points = std::any_of(s_.points.columns.begin(), s_.points.columns.end(),
                                           [](const column& c) { return c.role == column::parameter && c.meaning == "payload"; });
        if (of_points) page_.header(paragraph("payload is one of the parameters: with timing-only nothing was encrypted, "
                                    "only the time that it takes was counted.", "dim"));
        else if (s_.fact("payload") == "timing-only")
            page_.header(paragraph("payload = \"timing-only\": nothing was encrypted in these runs, only the time that it takes was counted.", "open"));
        page_.header(at_a_glance(s_) + "</header>\n");
    }

    std::string seeds() const {
        std::vector<std::string> all;
        const std::size_t seed = at(s_.runs, "seed");
        for (const auto& row : s_.runs.rows)
            if (const std::string one = shown(row[seed], ""); std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
        const std::size_t more = all.size() > 5 ? all.size() - 5 : 0;
        all.resize(all.size() - more);
        return fmt::format("{}{}", fmt::join(all, ", "), more ? fmt::format(" and {} more", more) : "");
    }

    std::string families() const {
        const std::string method = s_.fact("method");
        const bool intervals = s_.fact("replicates") != "1", listed = method == "zip" || method == "list";
        std::string caption = method == "grid" || listed ? "Means over the runs of a point" : "A mark for each point";
        if (intervals) caption += method == "grid" || listed ? "; the band is their interval" : "; the bar is the interval of its mean";
        if (listed) caption += fmt::format("; marks{} where several points have one value", intervals ? " with bars" : "");
        caption += ".";
        if (has(column::at_most) || has(column::at_least) || has(column::equals)) caption += " Dashed: the closed forms to which the figure is held.";
        return chart_place("chart-families", "families", caption) + paragraph("The numbers are in the table of points.", "dim");
    }

    std::string heat_map() const {
        if (s_.fact("method") != "grid") return "";
        return chart_place("chart-map", "heat", "A figure at each pair of values; the lighter, the more.");
    }

    std::string front() const {
        const std::size_t by = at(s_.points, "dominated_by");
        table t{"front", s_.points.columns, {}};
        for (const auto& row : s_.points.rows)
            if (const auto* n = std::get_if<std::int64_t>(&row[by]); n && *n == 0) t.rows.push_back(row);
        std::vector<std::size_t> keep;
        for (std::size_t n = 0; n < t.columns.size(); ++n)
            if (const auto role = t.columns[n].role; n == 0 || role == column::parameter || role == column::figure || role == column::half_width)
                keep.push_back(n);
        table few{"points", {}, {}};
        for (const std::size_t n : keep) few.columns.push_back(t.columns[n]);
        for (const auto& row : t.rows) {
            few.rows.emplace_back();
            for (const std::size_t n : keep) few.rows.back().push_back(row[n]);
        }
        return chart_place("chart-front", "front",
                           "Points of which none is better in one figure without being worse in another, and those that they dominate.") +
               paragraph(fmt::format("On the front are {} of {} points:", few.rows.size(), s_.points.rows.size())) + html_of(few, "table-front", most_rows);
    }

    std::string sensitivity() const {
        return s_.effects.rows.empty() ? ""
                                       : chart_place("chart-tornado", "tornado",
                                               "From the least to the greatest mean over all points with one value of a parameter. "
                                               "What the others do at the same time is in it.") +
                                             "<details><summary>as a table</summary>" + effects() + "</details>\n";
    }
    std::string effects() const {  // each figure in its unit
        std::map<std::string, std::string> units;
        for (const auto& row : s_.figures.rows) units[text(row[0])] = text(row[1]);
        report::html_table t("<<<>>>", {"figure", "parameter", "level", "points", "mean", "swing"});
        for (const auto& r : s_.effects.rows) {
            const std::string& unit = units[text(r[0])];
            t.row({text(r[0]), text(r[1]), level(text(r[2]), text(r[1])), shown(r[3], ""), shown(r[4], unit), shown(r[5], unit)});
        }
        return t.text();
    }
    // A value of a parameter, or "least to most" of a part of its range, in its unit.
    std::string level(const std::string& value, const std::string& parameter) const {
        const std::size_t n = at(s_.points, parameter), to = value.find(" to ");
        if (s_.points.columns[n].kind == column::text) return value;
        if (to != std::string::npos) return level(value.substr(0, to), parameter) + " to " + level(value.substr(to + 4), parameter);
        char* end = nullptr;
        const double x = std::strtod(value.c_str(), &end);
        return end == value.c_str() || *end ? value : shown(x, s_.points.columns[n].unit);
    }

    std::string parallel() const {
        return chart_place("chart-parallel", "parallel", has(column::front)
                ? "Each point as a line through its parameters and figures; thick: on the trade-off front."
                : "Each point as a line through its parameters and figures.");
    }

    std::string notes() const {
        std::string all;
        for (const auto& row : s_.notes.rows) all += paragraph(text(row[0]));
        return all;
    }

    std::string columns() const {
        report::html_table t("<<~", {"column", "unit", "meaning"});
        for (const column& c : s_.points.columns) t.row({c.name, c.unit, c.meaning});
        return "<details><summary>columns of points</summary>" + t.text() + "</details>\n";
    }

    static std::string files() {
        std::string rows;
        for (const auto& [name, what] : {std::pair{"points.csv", "a row a point"}, {"runs.csv", "a row a run"},
                {"results.sqlite", "both, with units and meanings"}, {"plot.gp", "for gnuplot: draws points.csv into SVG files"}})
            rows += fmt::format("<tr><td><a href=\"{0}\"><code>{0}</code></a></td><td>{1}</td></tr>\n", name, what);
        return "<div class=\"scroll\"><table><tbody>\n" + rows + "</tbody></table></div>\n";
    }

    const stored_sweep& s_;
    document page_;
};

}  // namespace

void write_sweep_page(const std::string& directory) {
    const stored_sweep s = sweep::read_results(directory);
    const std::filesystem::path where(directory);
    sweep::write_whole(where / plot_script_name, plot_script(s));
    sweep::write_whole(where / sweep_page_name, sweep_page(s).make());
}

std::string sweep_summary(const std::string& directory, int& status) {
    const stored_sweep s = sweep::read_results(directory);
    const sweep::verdict v = sweep::verdict_of(s.runs, s.breaches);
    status = v.status();
    return fmt::format("{}: {} points\n  {}\n", s.fact("scenario"), s.points.rows.size(), verdict_text(v));
}

}  // namespace nicteam::pages
