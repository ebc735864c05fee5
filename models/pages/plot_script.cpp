#include "pages/plot_script.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "pages/gnuplot.h"
#include "pages/tables.h"

namespace nicteam::pages {
namespace {

using sweep::cell;
using sweep::column;
using sweep::table;

constexpr std::size_t most_lines = 8;

class script {
public:
    explicit script(const sweep::stored_sweep& s) : s_(s), t_(s.points) {
        for (std::size_t n = 0; n < t_.columns.size(); ++n)
            if (t_.columns[n].role == column::parameter && values(n).size() > 1) varied_.push_back(n);
        std::stable_sort(varied_.begin(), varied_.end(), [&](std::size_t a, std::size_t b) {
            const bool words_a = t_.columns[a].kind == column::text, words_b = t_.columns[b].kind == column::text;
            return words_a != words_b ? words_b : values(a).size() > values(b).size();
        });
    }

    std::string make() const {
        std::string out = gnuplot_head("plot.gp", "points.csv, an SVG file a figure.") +
                          "set datafile separator comma\nset datafile columnheaders\nset datafile missing NaN\n";
        if (varied_.empty()) return out;
        for (std::size_t n = 0; n < t_.columns.size(); ++n)
            if (t_.columns[n].role == column::figure) out += figure(n);
        return out;
    }

private:
    std::vector<cell> values(std::size_t at) const {
        std::vector<cell> all;
        for (const auto& row : t_.rows)
            if (row[at].index() && std::find(all.begin(), all.end(), row[at]) == all.end()) all.push_back(row[at]);
        return all;
    }

    static std::string format_of(const column& c, char axis) { return c.kind == column::text ? "" : gnuplot_format(axis, c.unit); }

    static std::string is(std::size_t at, const cell& value) {
        if (const auto* s = std::get_if<std::string>(&value)) return fmt::format("strcol({}) eq {}", at + 1, gnuplot_text(*s));
        const auto* n = std::get_if<std::int64_t>(&value);
        return fmt::format("column({}) == {}", at + 1, n ? static_cast<double>(*n) : std::get<double>(value));
    }

    // Of parameters that are no axis: as at the baseline, or else at the first point.
    const cell& usual(std::size_t at) const {
        for (const auto& row : t_.rows)
            if (const auto* base = std::get_if<std::int64_t>(&row[1]); base && *base) return row[at];
        return t_.rows.front()[at];
    }

    enum class manner {
        grid,    // lines in order of the file; what is no axis is fixed
        listed,  // lines in order of what is across
        marks    // of points that lie anywhere
    };

    // Of points that were listed: one line, or one for each value of something, so that each has one point at a value; else marks.
    manner listed(std::size_t x, std::size_t& by) const {
        const auto one_at_each = [&](std::size_t group, const cell* value) {
            std::set<cell> met;
            return std::all_of(t_.rows.begin(), t_.rows.end(), [&](const auto& row) {
                return !row[x].index() || (value && row[group] != *value) || met.insert(row[x]).second;
            });
        };
        if (one_at_each(x, nullptr)) return manner::listed;
        for (std::size_t n = 1; n < varied_.size(); ++n) {
            const std::vector<cell> all = values(varied_[n]);
            if (all.size() > most_lines || !std::all_of(all.begin(), all.end(), [&](const cell& v) { return one_at_each(varied_[n], &v); })) continue;
            by = varied_[n];
            return manner::listed;
        }
        return manner::marks;
    }

    std::string figure(std::size_t at) const {
        const std::size_t x = varied_.front();
        const std::string method = s_.fact("method");
        std::string fixed, told;
        std::size_t by = t_.columns.size();
        const manner how = method == "grid" ? manner::grid : method == "zip" || method == "list" ? listed(x, by) : manner::marks;
        for (std::size_t n = 1; how == manner::grid && n < varied_.size(); ++n) {
            if (by == t_.columns.size() && values(varied_[n]).size() <= most_lines) {
                by = varied_[n];
                continue;
            }
            fixed += " && " + is(varied_[n], usual(varied_[n]));
            told += fmt::format("{}{} {}", told.empty() ? "; " : ", ", t_.columns[varied_[n]].name, shown(usual(varied_[n]), t_.columns[varied_[n]].unit));
        }
        std::string out = fmt::format("\nset output {}\nset title {} noenhanced\nset xlabel {} noenhanced\nset ylabel {} noenhanced\n",
                gnuplot_text("plot-" + t_.columns[at].name + ".svg"),
                                      gnuplot_text(t_.columns[at].name + told), gnuplot_text(t_.columns[x].name), gnuplot_text(t_.columns[at].name));
        out += format_of(t_.columns[x], 'x') + format_of(t_.columns[at], 'y');
        std::string parts;
        if (by == t_.columns.size()) parts = lines(at, x, "1" + fixed, t_.columns[at].name, 1, how);
        else {
            int n = 0;
            for (const cell& v : values(by)) {
                ++n;
                parts += (parts.empty() ? "" : ", \\\n     ") + lines(at, x, is(by, v) + fixed,
                        t_.columns[by].name + " " + shown(v, t_.columns[by].unit), n, how);
            }
        }
        return out + "plot " + parts + "\n";
    }

    // The column of half widths, where there is any.
    std::optional<std::size_t> intervals_of(std::size_t figure) const {
        const std::optional<std::size_t> at = find(t_, t_.columns[figure].name + "_half_width");
        const auto known = [&](const auto& row) { const auto* half = std::get_if<double>(&row[*at]); return half && *half > 0; };
        return at && std::any_of(t_.rows.begin(), t_.rows.end(), known) ? at : std::nullopt;
    }

    // Means with their intervals, closed forms dashed in the same colour.
    std::string lines(std::size_t at, std::size_t x, const std::string& where, const std::string& name, int colour, manner how) const {
        const bool words = t_.columns[x].kind == column::text;
        const std::optional<std::size_t> intervals = intervals_of(at);
        const std::string across = words ? place(x) : fmt::format("column({})", x + 1), sorted = how == manner::listed ? " smooth unique" : "";
        const auto using_text = [&](std::size_t column, const std::string& half, bool ticks, const std::string& there) {
            return fmt::format("'points.csv' using ({} ? {} : NaN):{}{}{}", there, across, column + 1, half,
                               words && ticks ? fmt::format(":xticlabels({})", x + 1) : "");
        };
        const std::string marks = intervals ? "yerrorbars" : "points", look = fmt::format(" lc {} ", colour);
        std::string out;
        if (how == manner::listed) out = using_text(at, "", false, where) + sorted + " with lines" + look + "notitle, \\\n     ";
        out += using_text(at, intervals ? fmt::format(":(valid({0}) ? column({0}) : 0)", *intervals + 1) : "", true, where);
        out += fmt::format(" with {} pt {}{}title {} noenhanced",
                           how != manner::grid ? marks : intervals ? "yerrorlines" : "linespoints", colour, look, gnuplot_text(name));
        for (std::size_t n = at + 1; n < t_.columns.size() && t_.columns[n].role != column::figure; ++n)
            if (const auto role = t_.columns[n].role; role == column::at_most || role == column::at_least || role == column::equals) {
                // What a mean equals is said only of points where that counts.
                const std::string counts = fmt::format(" && column({}) > 0", counts_of(at) + 1), there = where + (role == column::equals ? counts : "");
                out += fmt::format(", \\\n     {}{} with {} lc {} title {} noenhanced", using_text(n, "", false, there), sorted,
                                   how == manner::marks ? "points pt 2 ps 0.5" : "lines dt 2", colour,
                                   gnuplot_text(colour == 1 ? role == column::at_most ? "at most" : role == column::at_least ? "at least" : "equals" : ""));
            }
        return out;
    }

    std::size_t counts_of(std::size_t figure) const { return pages::at(t_, t_.columns[figure].name + "_counts"); }

    // Words stand at 0, 1, 2 …
    std::string place(std::size_t x) const {
        std::string out = "0";
        const std::vector<cell> all = values(x);
        for (std::size_t n = all.size(); n-- > 0;) out = fmt::format("({} ? {} : {})", is(x, all[n]), n, out);
        return out;
    }

    const sweep::stored_sweep& s_;
    const table& t_;
    std::vector<std::size_t> varied_;
};

}  // namespace

std::string plot_script(const sweep::stored_sweep& s) { return script(s).make(); }

}  // namespace nicteam::pages
