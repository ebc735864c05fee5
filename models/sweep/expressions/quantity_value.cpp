#include "sweep/expressions/quantity_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace nicteam::sweep {
namespace {

struct unit_row {
    const char* name;
    double factor;
    dimension of;
};
constexpr unit_row units[] = {
    {"ps", 1e-12, {1, 0}},   {"ns", 1e-9, {1, 0}},   {"us", 1e-6, {1, 0}},   {"ms", 1e-3, {1, 0}},      {"s", 1, {1, 0}},
    {"Hz", 1, {-1, 0}},      {"kHz", 1e3, {-1, 0}},  {"MHz", 1e6, {-1, 0}},  {"GHz", 1e9, {-1, 0}},     {"bps", 1, {-1, 1}},
    {"kbps", 1e3, {-1, 1}},  {"Mbps", 1e6, {-1, 1}}, {"Gbps", 1e9, {-1, 1}}, {"B", 8, {0, 1}},          {"KiB", 8192, {0, 1}},
    {"MiB", 8388608, {0, 1}}, {"GiB", 8589934592, {0, 1}}, {"%", 0.01, {0, 0}},
};

// What stands between brackets and commas, without quotation marks.
std::vector<std::string> items_of(std::string_view inside) {
    std::vector<std::string> all;
    while (!inside.empty()) {
        const std::string_view one = inside.substr(0, inside.find(','));
        inside.remove_prefix(std::min(inside.size(), one.size() + 1));
        const std::size_t first = one.find_first_not_of(" \"'"), last = one.find_last_not_of(" \"'");
        if (first != std::string_view::npos) all.emplace_back(one.substr(first, last - first + 1));
    }
    return all;
}

}  // namespace

std::string name_of(dimension d) {
    if (d == dimension{}) return "a plain number";
    if (d == dimension{1, 0}) return "a time";
    if (d == dimension{-1, 0}) return "a frequency";
    if (d == dimension{0, 1}) return "a size";
    if (d == dimension{-1, 1}) return "a rate";
    return fmt::format("in s^{} bit^{}", d.second, d.bit);
}

expression_value number_of(double amount, dimension of) { return {expression_value::number, amount, of, {}, {}}; }
expression_value word_of(std::string word) { return {expression_value::text, 0, {}, std::move(word), {}}; }
expression_value truth_of(bool holds) { return {expression_value::truth, holds ? 1.0 : 0.0, {}, {}, {}}; }
expression_value list_of(std::vector<std::string> items) { return {expression_value::list, 0, {}, {}, std::move(items)}; }

std::string kind_of(const expression_value& v) {
    switch (v.kind) {
        case expression_value::number: return name_of(v.of);
        case expression_value::text: return "a word";
        case expression_value::list: return "a list";
        default: return "true or false";
    }
}

double in_base(double amount, double factor) { return factor < 1 ? amount / std::round(1 / factor) : amount * factor; }
double out_of_base(double amount, double factor) {
    const double raw = factor < 1 ? amount * std::round(1 / factor) : amount / factor, round = std::strtod(fmt::format("{:.15g}", raw).c_str(), nullptr);
    return in_base(round, factor) == amount ? round : raw;
}

double amount_in(double amount, double factor, dimension of) {
    const double base = in_base(amount, factor);
    if (of == dimension{-1, 0} && (base == 33e6 || base == 66e6)) return base == 33e6 ? 1e12 / 30'000 : 1e12 / 15'000;
    return base;
}

bool find_unit(std::string_view unit, double& factor, dimension& of) {
    for (const unit_row& row : units) {
        if (unit != row.name) continue;
        factor = row.factor, of = row.of;
        return true;
    }
    return false;
}

expression_value value_of_text(std::string_view written) {
    if (written == "true" || written == "false") return truth_of(written == "true");
    if (written.size() > 1 && written.front() == '[' && written.back() == ']') return list_of(items_of(written.substr(1, written.size() - 2)));
    double amount = 0;
    const auto end = std::from_chars(written.data(), written.data() + written.size(), amount);
    if (end.ec != std::errc{}) return word_of(std::string(written));
    std::string_view unit = written.substr(static_cast<std::size_t>(end.ptr - written.data()));
    while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
    if (unit.empty()) return number_of(amount);
    double factor = 1;
    dimension of;
    return find_unit(unit, factor, of) ? number_of(amount_in(amount, factor, of), of) : word_of(std::string(written));
}

std::string text_of(const expression_value& v) {
    if (v.kind == expression_value::text) return v.word;
    if (v.kind == expression_value::truth) return v.holds() ? "true" : "false";
    if (v.kind == expression_value::list) return v.items.empty() ? "[]" : fmt::format("[\"{}\"]", fmt::join(v.items, "\", \""));
    if (v.of == dimension{}) return fmt::format("{:.15g}", v.amount);
    for (const char* base : {"s", "Hz", "bps", "B"}) {
        double factor = 1;
        dimension of;
        if (find_unit(base, factor, of) && of == v.of) return fmt::format("{:.15g} {}", out_of_base(v.amount, factor), base);
    }
    return "";
}

}  // namespace nicteam::sweep
