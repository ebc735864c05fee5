#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "nicteam/report/html.h"
#include "pages/document.h"
#include "pages/sweep_sections.h"
#include "pages/tables.h"

namespace nicteam::pages {
namespace {

using sweep::cell;
using sweep::column;
using sweep::stored_sweep;
using sweep::table;

constexpr std::size_t most_values = 16;  // of a parameter that is told by value
constexpr std::size_t most_kinds = 8;

std::string ranges(const std::vector<std::string>& points) {  // "0\u20133, 7"
    std::string all;
    for (std::size_t n = 0; n < points.size();) {
        std::size_t last = n;
        while (last + 1 < points.size() && std::stoull(points[last + 1]) == std::stoull(points[last]) + 1) ++last;
        all += (all.empty() ? "" : ", ") + points[n] + (last > n ? (last > n + 1 ? "\u2013" : ", ") + points[last] : "");
        n = last + 1;
    }
    return all;
}

std::vector<cell> values(const table& t, std::size_t at) {
    std::vector<cell> all;
    for (const auto& row : t.rows)
        if (std::find(all.begin(), all.end(), row[at]) == all.end()) all.push_back(row[at]);
    return all;
}

// Of the points with each value of a parameter: how many each resource limited.
std::string by_parameter(const table& t, std::size_t limit, std::vector<std::string> kinds) {
    kinds.resize(std::min(kinds.size(), most_kinds));
    std::vector<std::string> heads{"parameter", "value"};
    heads.insert(heads.end(), kinds.begin(), kinds.end());
    report::html_table out(("<<" + std::string(kinds.size(), '>')).c_str(), heads);
    for (std::size_t n = 0; n < t.columns.size(); ++n) {
        if (t.columns[n].role != column::parameter) continue;
        const std::vector<cell> all = values(t, n);
        if (all.size() < 2 || all.size() > most_values) continue;
        std::string name = t.columns[n].name;
        for (const cell& v : all) {
            std::vector<std::string> cells{std::exchange(name, ""), shown(v, t.columns[n].unit)};
            for (const std::string& kind : kinds)
                cells.push_back(fmt::format("{}", std::count_if(t.rows.begin(), t.rows.end(),
                        [&](const auto& row) { return row[n] == v && text(row[limit]) == kind; })));
            out.row(cells);
        }
    }
    return out.empty() ? "" : "<details><summary>points that each limited, by parameter</summary>" + out.text() + "</details>\n";
}

}  // namespace

std::string limits_section(const stored_sweep& s, bool chart) {
    const std::size_t limit = at(s.points, "limited_by");
    std::map<std::string, std::vector<std::string>> points_of;
    for (const auto& row : s.points.rows)
        if (const std::string by = text(row[limit]); !by.empty()) points_of[by].push_back(shown(row[0], ""));
    if (points_of.empty()) return "";
    table t{"limits", {{column::text, "limited by", "", "nothing: no resource reached its capacity"}, {column::integer, "points", "", "of all"},
            {column::text, "which", "", "their numbers"}}, {}};
    for (const auto& [by, points] : points_of) t.rows.push_back({by, static_cast<std::int64_t>(points.size()), ranges(points)});
    std::stable_sort(t.rows.begin(), t.rows.end(),
                     [](const auto& a, const auto& b) { return std::get<std::int64_t>(a[1]) > std::get<std::int64_t>(b[1]); });
    std::vector<std::string> kinds;
    for (const auto& row : t.rows) kinds.push_back(text(row[0]));
    return html_of(t, "table-limits", t.rows.size()) + by_parameter(s.points, limit, kinds) +
           (chart ? chart_place("chart-limits", "limits", "The resource that was full at each point. \u201cnothing\u201d: none reached its capacity.") : "");
}

}  // namespace nicteam::pages
