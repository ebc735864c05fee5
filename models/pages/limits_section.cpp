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

struct limiter {
    std::vector<std::string> points;           // their numbers
    std::size_t alone = 0;
    std::map<std::string, std::size_t> with;   // others that limited the same points
};

// What else is in the row: a tie is told of each of its resources.
std::string together(const limiter& l) {
    std::string all;
    for (const auto& [other, n] : l.with) all += fmt::format("{}{} at {}", all.empty() ? "" : ", ", other, n);
    return all;
}

bool among(const std::vector<std::string>& all, const std::string& one) { return std::find(all.begin(), all.end(), one) != all.end(); }

// Of the points with each value of a parameter: how many each resource limited, alone or with others.
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
                        [&](const auto& row) { return row[n] == v && among(limits_of(row[limit]), kind); })));
            out.row(cells);
        }
    }
    return out.empty() ? "" : "<details><summary>points that each limited, by parameter</summary>" + out.text() + "</details>\n";
}

}  // namespace

std::vector<std::string> limits_of(const cell& limited_by) {
    std::vector<std::string> all;
    const std::string listed = text(limited_by);
    for (std::size_t from = 0; from < listed.size();) {
        const std::size_t to = std::min(listed.find(", ", from), listed.size());
        all.push_back(listed.substr(from, to - from));
        from = to + 2;
    }
    return all;
}

std::string limits_section(const stored_sweep& s, bool chart) {
    const std::size_t limit = at(s.points, "limited_by");
    std::map<std::string, limiter> limiters;
    bool ties = false;
    for (const auto& row : s.points.rows) {
        const std::vector<std::string> all = limits_of(row[limit]);
        ties = ties || all.size() > 1;
        for (const std::string& by : all) {
            limiter& l = limiters[by];
            l.points.push_back(shown(row[0], ""));
            l.alone += all.size() == 1;
            for (const std::string& other : all)
                if (other != by) ++l.with[other];
        }
    }
    if (limiters.empty()) return "";
    table t{"limits", {{column::text, "limited by", "", "nothing: no resource reached its capacity"},
            {column::integer, "points", "", ties ? "of all; one with several limits counts for each" : "of all"}}, {}};
    if (ties) {
        t.columns.push_back({column::integer, "alone", "", "points that nothing else limited"});
        t.columns.push_back({column::text, "together with", "", "as much in demand, or not all runs of the point by the same"});
    }
    t.columns.push_back({column::text, "which", "", "their numbers"});
    for (const auto& [by, l] : limiters) {
        t.rows.push_back({by, static_cast<std::int64_t>(l.points.size())});
        if (ties) t.rows.back().insert(t.rows.back().end(), {cell(static_cast<std::int64_t>(l.alone)), cell(together(l))});
        t.rows.back().emplace_back(ranges(l.points));
    }
    std::stable_sort(t.rows.begin(), t.rows.end(),
                     [](const auto& a, const auto& b) { return std::get<std::int64_t>(a[1]) > std::get<std::int64_t>(b[1]); });
    std::vector<std::string> kinds;
    for (const auto& row : t.rows) kinds.push_back(text(row[0]));
    return html_of(t, "table-limits", t.rows.size()) + by_parameter(s.points, limit, kinds) +
           (chart ? chart_place("chart-limits", "limits", "The resource that was full at each point; of several, each with a part of the place. "
                                "\u201cnothing\u201d: none reached its capacity.") : "");
}

}  // namespace nicteam::pages
