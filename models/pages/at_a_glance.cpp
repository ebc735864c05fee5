#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "nicteam/report/html.h"
#include "pages/sweep_sections.h"
#include "pages/tables.h"

namespace nicteam::pages {
namespace {

using report::escaped;
using sweep::cell;
using sweep::column;
using sweep::stored_sweep;
using sweep::table;

constexpr int most_tiles = 4;

class tiles {
public:
    explicit tiles(const stored_sweep& s) : s_(s) {}

    std::string text_of_all() {
        for (const auto& row : s_.figures.rows)
            if (const std::string aim = text(row[at(s_.figures, "aim")]); aim == "maximise") best(text(row[0]));
        limit();
        sensitivity();
        closed_form();
        return all_.empty() ? "" : "<dl class=\"figures\">\n" + all_ + "</dl>\n";
    }

private:
    void add(const std::string& what, const std::string& figure, const std::string& more) {
        if (++count_ <= most_tiles)
            all_ += fmt::format("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>\n", escaped(what), escaped(figure), escaped(more));
    }

    std::string unit_of(const std::string& figure) const { return s_.points.columns[at(s_.points, figure)].unit; }

    void best(const std::string& figure) {
        const table& t = s_.points;
        const std::size_t is = at(t, figure);
        const std::vector<cell>* most = nullptr;
        for (const auto& row : t.rows)
            if (const auto* x = std::get_if<double>(&row[is]); x && (!most || *x > std::get<double>((*most)[is]))) most = &row;
        if (!most || t.rows.size() < 2) return;
        std::string where;
        for (std::size_t n = 0; n < t.columns.size(); ++n)
            if (t.columns[n].role == column::parameter && std::any_of(t.rows.begin(), t.rows.end(), [&](const auto& r) { return r[n] != t.rows.front()[n]; }))
                where += fmt::format("{}{} {}", where.empty() ? "" : ", ", t.columns[n].name, shown((*most)[n], t.columns[n].unit));
        add("most " + figure, shown(std::get<double>((*most)[is]), t.columns[is].unit), where);
    }

    // A point counts for each resource that limited it.
    void limit() {
        std::map<std::string, std::size_t> points;
        std::size_t known = 0, several = 0;
        for (const auto& row : s_.points.rows) {
            const std::vector<std::string> all = limits_of(row[at(s_.points, "limited_by")]);
            for (const std::string& by : all) ++points[by];
            known += !all.empty(), several += all.size() > 1;
        }
        if (!known) return;
        std::vector<std::pair<std::size_t, std::string>> by_count;
        for (const auto& [by, n] : points) by_count.emplace_back(n, by);
        std::stable_sort(by_count.begin(), by_count.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        std::string more;
        for (std::size_t n = 0; n < std::min<std::size_t>(by_count.size(), 4); ++n)
            more += fmt::format("{}{} at {}", n ? ", " : "", by_count[n].second, by_count[n].first);
        if (several) more += fmt::format("; several at once at {}", several);
        add(by_count.front().second == "nothing" ? "limited by nothing" : "limits most points", fmt::format("{:.3g} %",
                100.0 * static_cast<double>(by_count.front().first) / static_cast<double>(known)), more);
    }

    // Of the first figure with an aim, or else of the first.
    void sensitivity() {
        const table& e = s_.effects;
        if (e.rows.empty()) return;
        std::string figure = text(e.rows.front()[0]);
        for (auto row = s_.figures.rows.rbegin(); row != s_.figures.rows.rend(); ++row)
            if (!text((*row)[at(s_.figures, "aim")]).empty()) figure = text((*row)[0]);
        const std::vector<cell>* most = nullptr;
        for (const auto& row : e.rows)
            if (const auto* swing = std::get_if<double>(&row[5]); swing && text(row[0]) == figure && (!most || *swing > std::get<double>((*most)[5])))
                most = &row;
        if (!most) return;
        const double swing = std::get<double>((*most)[5]);
        if (swing == 0) return add("what does most to " + figure, "nothing", "its mean is the same whatever is varied");
        add("what does most to " + figure, text((*most)[1]), "the mean swings by " + shown(swing, unit_of(figure)));
    }

    void closed_form() {
        for (const auto& row : s_.figures.rows)
            for (const char* which : {"at_most", "equals"}) {
                if (text(row[at(s_.figures, which)]).empty()) continue;
                const form_shares share = shares_of(s_, row, which);
                if (!share.points) continue;
                const std::size_t all = s_.points.rows.size();
                const std::string where = share.points == all ? "over all points" : fmt::format("over the {} of {} points where it counts", share.points, all);
                return add(text(row[0]) + ", of its closed form", fmt::format("{:.3g} to {:.4g} %", 100 * share.least, 100 * share.most), where);
            }
    }

    const stored_sweep& s_;
    std::string all_;
    int count_ = 0;
};

}  // namespace

std::string at_a_glance(const stored_sweep& s) { return tiles(s).text_of_all(); }

}  // namespace nicteam::pages
