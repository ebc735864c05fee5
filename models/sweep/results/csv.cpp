#include <fmt/format.h>

#include "sweep/results/table.h"

namespace nicteam::sweep {
namespace {

std::string quoted(const std::string& s) {
    if (s.find_first_of(",\"\r\n") == std::string::npos) return s;
    std::string out = "\"";
    for (const char c : s) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

std::string text_of(const cell& c) {
    if (const auto* s = std::get_if<std::string>(&c)) return quoted(*s);
    if (const auto* n = std::get_if<std::int64_t>(&c)) return fmt::format("{}", *n);
    if (const auto* x = std::get_if<double>(&c)) return fmt::format("{}", *x);
    return "";
}

}  // namespace

std::string to_csv(const table& t) {
    std::string out;
    for (std::size_t n = 0; n < t.columns.size(); ++n) {
        const column& c = t.columns[n];
        out += (n ? "," : "") + quoted(c.unit.empty() ? c.name : fmt::format("{} [{}]", c.name, c.unit));
    }
    out += "\n";
    for (const auto& row : t.rows) {
        for (std::size_t n = 0; n < row.size(); ++n) out += (n ? "," : "") + text_of(row[n]);
        out += "\n";
    }
    return out;
}

}  // namespace nicteam::sweep
