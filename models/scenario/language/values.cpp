#include "scenario/language/values.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace nicteam::scenario {
namespace {

std::vector<std::string> choices_of(const parameter_info& row) {
    std::vector<std::string> all(1);
    for (const char* c = row.choices; c && *c; ++c) {
        if (*c == '|')
            all.emplace_back();
        else
            all.back() += *c;
    }
    return all;
}

std::string listed(const parameter_info& row) {
    std::string out;
    for (const std::string& c : choices_of(row)) out += (out.empty() ? "" : ", ") + c;
    return out;
}

bool is_or_integer(const parameter_info& row) {
    return row.kind == quantity::text && row.choices && std::string_view(row.choices) == or_integer;
}

bool is_choice(const parameter_info& row, const std::string& written) {
    const auto all = choices_of(row);
    return std::find(all.begin(), all.end(), written) != all.end();
}

std::string range_of(const parameter_info& row) {
    if (row.kind == quantity::count && row.choices) return listed(row);
    if (row.low && row.high) return fmt::format("{} … {}", row.low, row.high);
    if (row.low) return fmt::format("at least {}", row.low);
    if (row.high) return fmt::format("at most {}", row.high);
    return "";
}

bool in_range(const parameter_info& row, std::int64_t v) {
    if (row.choices) return is_choice(row, std::to_string(v));
    value low, high;
    std::string ignored;
    low.integer = INT64_MIN;
    high.integer = INT64_MAX;
    if (row.low && !parse_quantity(row.kind, row.low, low, ignored)) low.integer = INT64_MIN;
    if (row.high && !parse_quantity(row.kind, row.high, high, ignored)) high.integer = INT64_MAX;
    if (row.low && row.high && low.integer > high.integer) std::swap(low, high);  // a period whose range is written in Hz
    return v >= low.integer && v <= high.integer;
}

// From the text of a scalar: all kinds but list.
bool take_text(setting& s, const std::string& written, std::string& why) {
    const parameter_info& row = *s.row;
    const value before = s.value;
    const auto refuse = [&] {
        s.value = before;
        s.refused = true;
        return false;
    };
    s.refused = false;
    s.written = written;
    if (row.kind == quantity::choice) {
        const auto all = choices_of(row);
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i] != written) continue;
            s.value.text = written;
            s.value.integer = static_cast<std::int64_t>(i);
            return true;
        }
        why = fmt::format("is no choice; allowed: {}{}", allowed(row), did_you_mean(written, all));
        return refuse();
    }
    if (!parse_quantity(row.kind, written, s.value, why)) {
        if (why.find("allowed") == std::string::npos && !range_of(row).empty()) why += "; allowed: " + range_of(row);
        return refuse();
    }
    if (row.kind != quantity::text && !in_range(row, s.value.integer)) {
        why = fmt::format("is out of range; allowed: {}", range_of(row));
        return refuse();
    }
    return true;
}

std::string quoted_choices(const parameter_info& row) {
    std::string out;
    for (const std::string& c : choices_of(row)) out += (out.empty() ? "" : ", ") + quoted(c);
    return out;
}

// What was meant, if it only has the wrong clothes: 64 for "64", "64" for 64, 10 for "10 ms".
std::string rightly_written(const parameter_info& row, const node& n) {
    const bool number = n.kind == node::integer || n.kind == node::real;
    setting s;
    s.row = &row;
    std::string why;
    if (number && row.kind == quantity::list) return "";
    if (number && row.kind == quantity::count) return "";
    if (n.kind == node::string && (row.kind == quantity::count || row.kind == quantity::flag))
        return take_text(s, n.text, why) ? "; write " + to_toml(row, s.value) : "";
    if (!number) return "";
    if (row.kind == quantity::text || take_text(s, n.text, why)) return fmt::format("; write \"{}\"", n.text);
    const char* unit = row.kind == quantity::time     ? "ms"
                       : row.kind == quantity::period ? "MHz"
                       : row.kind == quantity::rate   ? "Mbps"
                       : row.kind == quantity::size   ? "B"
                                                      : "";
    return *unit ? fmt::format("; as in \"{} {}\"", n.text, unit) : "";
}

std::string expected_form(const parameter_info& row) {
    switch (row.kind) {
        case quantity::count:
            return !range_of(row).empty() ? fmt::format("an integer, {}", range_of(row)) : "an integer";
        case quantity::flag:
            return "true, false";
        case quantity::list:
            return "a list of strings";
        case quantity::text:
            return is_or_integer(row) ? "an integer, or a number with its unit as a string" : "a string";
        case quantity::choice:
            return fmt::format("one of the strings {}", quoted_choices(row));
        case quantity::ratio:
            return "a string with a number, or a number and %, as in \"0.25\" or \"25 %\"";
        default:
            return fmt::format("a string with a number and its unit: {}", units_of(row.kind));
    }
}

}  // namespace

std::string allowed(const parameter_info& row) {
    if (row.kind == quantity::choice) return listed(row);
    if (row.kind == quantity::flag) return "true, false";
    return range_of(row);
}

bool take(setting& s, const node& n, std::string& why) {
    const parameter_info& row = *s.row;
    node::kind_type wanted = node::string;
    if (row.kind == quantity::count)
        wanted = node::integer;
    else if (row.kind == quantity::flag)
        wanted = node::boolean;
    else if (row.kind == quantity::list)
        wanted = node::array;
    // 64 for "64" is as clear.
    const bool bare = is_or_integer(row) || (row.kind == quantity::choice && is_choice(row, n.text));
    if (n.kind != wanted && !(n.kind == node::integer && bare)) {
        why = fmt::format("is {}; allowed: {}{}", name_of(n.kind), expected_form(row), rightly_written(row, n));
        s.refused = true;
        return false;
    }
    if (row.kind != quantity::list) return take_text(s, n.text, why);
    s.value.list.clear();
    for (const node& item : n.items) {
        if (item.kind != node::string && item.kind != node::integer) {
            why = fmt::format("holds {}; allowed: a list of strings (or integers)", name_of(item.kind));
            return false;
        }
        s.value.list.push_back(item.text);
    }
    s.written = to_toml(row, s.value);
    return true;
}

bool take_loosely(setting& s, const std::string& written, position at, std::string& why) {
    const node n = read_value(written, at);
    if (s.row->kind == quantity::list) {
        if (n.kind == node::array) return take(s, n, why);
        s.value.list.assign(1, "");
        for (char c : n.text) {
            if (c == ',')
                s.value.list.emplace_back();
            else if (c != ' ' || !s.value.list.back().empty())
                s.value.list.back() += c;
        }
        for (std::string& one : s.value.list) one.erase(one.find_last_not_of(' ') + 1);
        if (n.text.empty()) s.value.list.clear();
        s.written = to_toml(*s.row, s.value);
        return true;
    }
    return take_text(s, n.kind == node::string ? n.text : written, why);
}

bool take_fallback(setting& s) {
    s.value = {};
    if (!s.row->fallback) return false;
    s.written = s.row->fallback;
    if (s.written.empty() && s.row->kind != quantity::text) {
        s.value.integer = -1;  // an optional value that was not given
        return true;
    }
    std::string why;
    if (s.row->kind == quantity::list) return take_loosely(s, s.row->fallback, {}, why);
    return take_text(s, s.written, why);
}

quantity quantity_of_unit(const std::string& unit) {
    if (unit == "ps") return quantity::time;
    if (unit == "B" || unit == "octets" || unit == "bytes") return quantity::size;
    if (unit == "bit/s") return quantity::rate;
    if (unit == "ratio") return quantity::ratio;
    return quantity::count;
}

std::int64_t greatest_amount(const std::string& unit) {
    constexpr std::int64_t most_times = 1'000;
    return unit == "times" ? most_times : quantity_of_unit(unit) == quantity::ratio ? ratio_one : INT64_MAX;
}

bool parse_in_unit(quantity q, const std::string& unit, const std::string& written, std::int64_t& out, std::string& why) {
    std::string bare = written;
    if (q == quantity::count && bare.size() > unit.size() && !unit.empty() &&
        bare.compare(bare.size() - unit.size(), unit.size(), unit) == 0) {
        bare.resize(bare.size() - unit.size());
        while (!bare.empty() && bare.back() == ' ') bare.pop_back();
    }
    value v;
    if (!parse_quantity(q, bare, v, why)) {
        if (why.find("allowed") == std::string::npos && q == quantity::count)
            why = fmt::format("is no number of {}", unit.empty() ? "things" : unit);
        return false;
    }
    out = v.integer;
    return true;
}

std::string quoted(const std::string& s) {
    std::string out = "\"";
    for (const char c : s) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\r':
                out += "\\r";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
                    out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
                else
                    out += c;
        }
    }
    return out + "\"";
}

std::string to_toml(const parameter_info& row, const value& v) {
    switch (row.kind) {
        case quantity::count:
        case quantity::flag:
            return format_quantity(row.kind, v.integer);
        case quantity::text:
        case quantity::choice:
            return quoted(v.text);
        case quantity::list: {
            std::string out;
            for (const std::string& item : v.list) out += (out.empty() ? "" : ", ") + quoted(item);
            return "[" + out + "]";
        }
        default:
            return quoted(format_quantity(row.kind, v.integer));
    }
}

}  // namespace nicteam::scenario
