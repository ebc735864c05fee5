#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "pages/comparison.h"
#include "pages/tables.h"

namespace nicteam::pages {
namespace {

constexpr std::size_t most_lines = 40, most_settings = 12;

// Characters as they are seen: every octet but those that continue one.
std::size_t width(const std::string& s) {
    return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string lined_up(const std::vector<std::vector<std::string>>& rows, std::size_t words) {  // the first `words` columns to the left, the last one too
    std::vector<std::size_t> widest;
    for (const auto& row : rows)
        for (std::size_t n = 0; n < row.size(); ++n) {
            if (widest.size() <= n) widest.push_back(0);
            widest[n] = std::max(widest[n], width(row[n]));
        }
    std::string out;
    for (const auto& row : rows) {
        std::string line = " ";
        for (std::size_t n = 0; n < row.size(); ++n) {
            const std::string blanks(widest[n] - width(row[n]), ' ');
            const bool left = n < words || n + 1 == row.size();
            line += " " + (left ? row[n] + blanks : blanks + row[n]) + " ";
        }
        out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
}

std::vector<std::string> row_of(const difference& d, bool with_of) {
    std::vector<std::string> row{d.figure};
    if (with_of) row.push_back(d.of);
    const std::string half = std::isnan(d.interval.half_width) ? "" : "\u00b1 " + between_text(d.interval.half_width, d.unit);
    for (const std::string& s : {shown(d.a, d.unit), shown(d.b, d.unit), change_text(d), half, verdict_text(d)}) row.push_back(s);
    return row;
}

}  // namespace

std::string to_text(const comparison& c) {
    std::string s = fmt::format("A: {} ({})\nB: {} ({})\n", c.a, c.title_a, c.b, c.title_b);
    if (c.settings.empty()) s += "settings: the same\n";
    for (std::size_t n = 0; n < std::min(c.settings.size(), most_settings); ++n)
        s += fmt::format("{} {}: {} in A, {} in B\n", n ? "         " : "settings:", c.settings[n].key, c.settings[n].a, c.settings[n].b);
    if (c.settings.size() > most_settings) s += fmt::format("          and {} more; all are on the page (--out)\n", c.settings.size() - most_settings);
    const auto paired = [](const difference& d) { return d.paired && !std::isnan(d.interval.half_width); };
    const std::size_t pairs = static_cast<std::size_t>(std::count_if(c.single.begin(), c.single.end(), paired));
    const std::size_t known = static_cast<std::size_t>(std::count_if(c.single.begin(), c.single.end(),
            [](const difference& d) { return !std::isnan(d.interval.half_width); }));
    const char* of = c.kind == "sweep" ? "runs with the same seeds" : "times with the same seed";
    if (known)
        s += fmt::format("{}; intervals at {:g} %; \"by itself only\": not when {} comparisons are made at once\n",
                         pairs == known ? fmt::format("paired: {}", of) : pairs ? fmt::format("paired where there are {}, else by Welch", of)
                                 : "by Welch's interval",
                         c.confidence * 100, c.compared);
    const std::string interval = fmt::format("{:g} %", c.confidence * 100);
    if (!c.overall.empty()) {
        std::vector<std::vector<std::string>> rows{{"all points", "A", "B", "B - A", interval, "differs"}};
        for (const difference& d : c.overall) rows.push_back(row_of(d, false));
        s += "\n" + lined_up(rows, 1);
    }
    std::vector<std::vector<std::string>> rows{{"figure", c.kind == "sweep" ? "point" : "of", "A", "B", "B - A", interval, "differs"}};
    std::size_t alike = 0, more = 0;
    for (const difference& d : c.single) {
        const bool none = c.kind == "sweep" ? !std::isnan(d.interval.half_width) ? !d.stands_out() : d.a == d.b : d.figure == "use" ? d.a == d.b : false;
        if (none) ++alike;
        else if (rows.size() > most_lines) ++more;
        else rows.push_back(row_of(d, true));
    }
    if (rows.size() > 1) s += "\n" + lined_up(rows, 2);
    if (more) s += fmt::format("  and {} more that differ; all are on the page (--out)\n", more);
    if (alike) s += fmt::format("  {} do not differ\n", alike);
    for (const std::string& n : c.notes) s += "  " + n + "\n";
    s += conclusion(c) + ".\n";
    if (c.not_judged())
        for (const std::string& hint : c.hints) s += "hint: " + hint + "\n";
    return s;
}

}  // namespace nicteam::pages
