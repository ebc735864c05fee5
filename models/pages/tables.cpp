#include "pages/tables.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include "nicteam/report/html.h"
#include "nicteam/report/stored.h"

namespace nicteam::pages {
namespace {

using report::escaped;

constexpr struct { double factor; const char* prefix; } prefixes[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}, {1e-3, "m"},
        {1e-6, "\u00b5"}, {1e-9, "n"}, {1e-12, "p"}};

constexpr double most_octets = 1e7;  // beyond, with a prefix

bool takes_prefix(const std::string& unit) { return unit == "s" || unit == "Hz" || unit == "b/s" || unit == "B"; }

// Octets are counted: "1518 B", "16 384 B", the thirds of five digits and more apart; a mean has tenths below a thousand.
std::string octets(double x) {
    const double size = std::abs(x);
    std::string digits = size < 999.95 && size != std::floor(size) ? fmt::format("{:.4g}", x) : fmt::format("{:.0f}", x);
    const std::size_t first = x < 0 ? 1 : 0;
    if (size >= 9999.5)
        for (std::size_t at = digits.size() - 3; at > first; at = at > first + 3 ? at - 3 : first) digits.insert(at, "\u202f");
    return digits + "\u00a0B";
}

constexpr std::size_t most_letters = 40;  // of a cell; the screen shows the beginning of more

// Letters, and columns' margins of two, that stand beside each other on a sheet of paper that is higher than wide, and on one that lies across.
constexpr std::size_t upright = 105, across = 165;

// As long as what cannot be broken in a column's heading and cells: a heading is broken behind its underscores and points, a long cell at blanks.
std::size_t width_of(const sweep::table& t, std::size_t column, std::size_t most) {
    std::size_t width = 0, piece = 0;
    for (const char c : t.columns[column].name) {
        width = std::max(width, ++piece);
        if (c == '_' || c == '.' || c == ' ') piece = 0;
    }
    for (std::size_t n = 0; n < std::min(most, t.rows.size()); ++n) {
        const std::string text = shown(t.rows[n][column], t.columns[column].unit);
        const auto begins_letter = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
        width = std::max(width, std::min(most_letters / 2, static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_letter))));
    }
    return width + 2;
}

// On paper: as it is, across, or each row by itself, as a line of names and values.
const char* on_paper(const sweep::table& t, std::size_t most) {
    std::size_t width = 0;
    for (std::size_t n = 0; n < t.columns.size(); ++n) width += width_of(t, n, most);
    return width <= upright ? "" : width <= across ? " wide" : " apart";
}

std::string in_css(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80 || c == '_';
        out += plain ? std::string(1, c) : fmt::format("\\{:x} ", static_cast<unsigned>(c));
    }
    return out;
}

// Names before values, for rows that stand by themselves.
std::string names_on_paper(const sweep::table& t, const std::string& id) {
    std::string all;
    for (std::size_t n = 0; n < t.columns.size(); ++n)
        all += fmt::format("#{} td:nth-child({})::before{{content:\"{}\"}}", id, n + 1, in_css(t.columns[n].name));
    return "<style>@media print{" + all + "}</style>\n";
}

// A heading may be broken behind underscores and points.
std::string heading(const std::string& name) {
    std::string all;
    for (const char c : escaped(name)) all += c == '_' || c == '.' ? std::string(1, c) + "<wbr>" : std::string(1, c);
    return all;
}

}  // namespace

std::string shown(double x, const std::string& unit_of_table) {
    std::string unit = unit_of_table;
    if (unit.size() >= 3 && unit.compare(unit.size() - 3, 3, "bps") == 0) unit.replace(unit.size() - 3, 3, "b/s");  // as runs tell rates
    const std::string behind = unit.empty() ? "" : "\u00a0" + unit;
    if (x == 0) return "0" + behind;
    const double size = std::abs(x);
    if (!takes_prefix(unit)) return size >= 1e4 && size < 1e9 ? fmt::format("{:.0f}{}", x, behind) : fmt::format("{:.4g}{}", x, behind);
    if (unit == "B" && size < most_octets) return octets(x);
    const auto* p = std::begin(prefixes);
    while (p + 1 != std::end(prefixes) && size < p->factor * 0.99995) ++p;
    return fmt::format("{:.4g}\u00a0{}{}", x / p->factor, p->prefix, unit);
}

std::string shown(const sweep::cell& c, const std::string& unit) {
    if (const auto* s = std::get_if<std::string>(&c)) return *s;
    if (const auto* n = std::get_if<std::int64_t>(&c)) return fmt::format("{}", *n);
    if (const auto* x = std::get_if<double>(&c)) return shown(*x, unit);
    return "";
}

std::optional<std::size_t> find(const sweep::table& t, const std::string& name) {
    for (std::size_t n = 0; n < t.columns.size(); ++n)
        if (t.columns[n].name == name) return n;
    return {};
}
std::size_t at(const sweep::table& t, const std::string& name) {
    if (const auto found = find(t, name)) return *found;
    throw report::unreadable(fmt::format("table {} has no column {}", t.name, name));
}
std::string text(const sweep::cell& c) { return std::holds_alternative<std::string>(c) ? std::get<std::string>(c) : ""; }

std::string html_of(const sweep::table& t, const std::string& id, std::size_t most, const std::string& marked) {
    std::string s = on_paper(t, most);
    s = (s == " apart" ? names_on_paper(t, id) : "") + fmt::format("<div class=\"scroll{}\"><table id=\"{}\"><thead><tr>", s, id);
    std::size_t mark = t.columns.size();
    for (std::size_t n = 0; n < t.columns.size(); ++n) {
        const sweep::column& c = t.columns[n];
        if (c.name == marked) mark = n;
        s += fmt::format("<th scope=\"col\"{} title=\"{}\" data-unit=\"{}\">{}</th>", c.kind == sweep::column::text ? "" : " class=\"n\"",
                escaped(c.meaning), escaped(c.unit), heading(c.name));
    }
    s += "</tr></thead>\n<tbody>\n";
    std::size_t rows = 0;
    for (const auto& row : t.rows) {
        if (++rows > most) break;
        const auto* set = mark < row.size() ? std::get_if<std::int64_t>(&row[mark]) : nullptr;
        s += set && *set ? "<tr class=\"base\">" : "<tr>";
        for (std::size_t n = 0; n < row.size(); ++n) {
            if (const auto* x = std::get_if<double>(&row[n]))
                s += fmt::format("<td class=\"n\"><data value=\"{}\">{}</data></td>", *x, escaped(shown(*x, t.columns[n].unit)));
            else if (const std::string text = escaped(shown(row[n], t.columns[n].unit)); text.size() > most_letters)
                s += fmt::format("<td class=\"long\" title=\"{0}\">{0}</td>", text);
            else
                s += fmt::format("<td{}>{}</td>", t.columns[n].kind == sweep::column::text ? "" : " class=\"n\"", text);
        }
        s += "</tr>\n";
    }
    s += "</tbody></table></div>\n";
    if (t.rows.size() > most) s += fmt::format("<p class=\"dim\">The first {} of {} rows; all are in {}.csv and results.sqlite.</p>\n", most, t.rows.size(),
            t.name);
    return s;
}

}  // namespace nicteam::pages
