#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "pages/comparison.h"
#include "pages/gnuplot.h"

namespace nicteam::pages {
namespace {

constexpr std::size_t most_rows = 60;  // of a picture

std::string plain(const std::string& name) {
    std::string out;
    for (const char c : name) out += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' ? c : '-';
    return out;
}

std::string kind_of(const difference& d) { return d.differs() ? "differs" : d.stands_out() ? "by itself only" : "no"; }

}  // namespace

std::string comparison_plot_script(const comparison& c, const std::string& stem) {
    std::string out = gnuplot_head(stem + ".gp", "the differences of " + stem + " with their intervals, an SVG file a figure; they are in it");
    out += "set arrow from 0, graph 0 to 0, graph 1 nohead lc rgb 'black'\n";
    std::vector<std::string> figures;
    for (const difference& d : c.single)
        if (!std::isnan(d.interval.half_width) && std::find(figures.begin(), figures.end(), d.figure) == figures.end()) figures.push_back(d.figure);
    std::set<std::string> files;
    for (std::size_t n = 0; n < figures.size(); ++n) {
        std::vector<const difference*> rows;
        for (const difference& d : c.single)
            if (d.figure == figures[n] && std::isfinite(d.interval.half_width) && rows.size() < most_rows) rows.push_back(&d);
        if (rows.empty()) continue;
        const std::string unit = rows.front()->unit == "%" ? "points" : rows.front()->unit;
        const bool flat = std::all_of(rows.begin(), rows.end(), [](const difference* d) { return d->a == d->b && d->interval.half_width == 0; });
        std::string file = stem + "-" + plain(figures[n]), ticks, parts;
        if (!files.insert(file).second) file += fmt::format("-{}", n + 1);
        for (std::size_t i = 0; i < rows.size(); ++i)
            ticks += fmt::format("{}{} {}", i ? ", " : "", gnuplot_text(rows[i]->of.empty() ? "all points" : rows[i]->of), rows.size() - 1 - i);
        int kind = 0;
        for (const char* word : {"differs", "by itself only", "no"}) {
            ++kind;
            std::string block;
            for (std::size_t i = 0; i < rows.size(); ++i)
                if (kind_of(*rows[i]) == word)
                    block += fmt::format("{} {} {}\n", rows[i]->b - rows[i]->a, rows[i]->interval.half_width, rows.size() - 1 - i);
            if (block.empty()) continue;
            out += fmt::format("\n$figure_{}_{} << END\n{}END\n", n + 1, kind, block);
            parts += fmt::format("{}$figure_{}_{} using 1:3:2 with xerrorbars pt 7 ps 0.6 lc {} title '{}'",
                    parts.empty() ? "" : ", \\\n     ", n + 1, kind, kind + 1, word);
        }
        out += fmt::format("\nset terminal svg size 900,{} dynamic background rgb 'white'\n"
                           "set output {}\nset title {} noenhanced\nset xlabel {} noenhanced\n"
                           "set xrange [{}]\nset yrange [-1:{}]\nset ytics noenhanced ({})\n{}plot {}\n", 140 + 26 * rows.size(), gnuplot_text(file + ".svg"),
                           gnuplot_text(figures[n] + " of " + c.a + " and " + c.b),
                           gnuplot_text(figures[n] + ", B less A" + (unit.empty() ? "" : " [" + unit + "]")),
                           flat ? "-1:1" : "*:*", rows.size(), ticks, gnuplot_format('x', unit == "points" ? "" : unit), parts);
    }
    return out;
}

}  // namespace nicteam::pages
