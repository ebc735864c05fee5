#include "nicteam/base/units.h"

#include <array>
#include <cstdlib>

namespace nicteam {
namespace {

struct unit {
    std::string_view name;
    std::int64_t scale;
};

constexpr std::array<unit, 5> time_units{{{"ps", 1}, {"ns", 1'000}, {"us", 1'000'000}, {"ms", 1'000'000'000}, {"s", 1'000'000'000'000}}};
constexpr std::array<unit, 4> frequency_units{{{"Hz", 1}, {"kHz", 1'000}, {"MHz", 1'000'000}, {"GHz", 1'000'000'000}}};
constexpr std::array<unit, 4> rate_units{{{"bps", 1}, {"kbps", 1'000}, {"Mbps", 1'000'000}, {"Gbps", 1'000'000'000}}};
constexpr std::array<unit, 4> size_units{{{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};
constexpr std::array<unit, 2> ratio_units{{{"", 1'000'000'000'000'000'000}, {"%", 10'000'000'000'000'000}}};

std::string_view trim(std::string_view s) {
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    return s;
}

// A decimal: digits * 10^exponent. No trailing zeros in `digits`, which stay below 2^96 so that no product below overflows.
struct decimal {
    __int128 digits = 0;
    int exponent = 0;
};

bool take_decimal(std::string_view& s, decimal& out, std::string& why) {
    std::size_t i = 0;
    bool negative = false, any = false, point = false;
    int zeros = 0;   // seen, but worth something only if another digit follows
    if (i < s.size() && (s[i] == '-' || s[i] == '+')) negative = s[i++] == '-';
    for (; i < s.size(); ++i) {
        if (s[i] == '_' && any) continue;
        if (s[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (s[i] < '0' || s[i] > '9') break;
        any = true;
        if (point) --out.exponent;
        ++zeros;
        if (s[i] == '0') continue;
        for (; zeros > 0; --zeros) {
            if (out.digits != 0 && out.digits >= (static_cast<__int128>(1) << 96) / 10) {
                why = "has more than 28 digits";
                return false;
            }
            out.digits *= 10;
        }
        out.digits += s[i] - '0';
    }
    if (!any) {
        why = "is not a number";
        return false;
    }
    out.exponent += zeros;
    if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
        std::size_t j = i + 1;
        int sign = 1, e = 0;
        if (j < s.size() && (s[j] == '-' || s[j] == '+')) sign = s[j++] == '-' ? -1 : 1;
        const std::size_t digits_at = j;
        for (; j < s.size() && s[j] >= '0' && s[j] <= '9' && e < 1000; ++j) e = e * 10 + (s[j] - '0');
        if (j > digits_at) {
            out.exponent += sign * e;
            i = j;
        }
    }
    if (negative) out.digits = -out.digits;
    s.remove_prefix(i);
    return true;
}

// Brings the tens of a unit's scale into the exponent: less to multiply.
void absorb_tens(decimal& d, std::int64_t& scale) {
    for (; d.exponent < 0 && scale % 10 == 0; scale /= 10) ++d.exponent;
}

// digits * 10^exponent * scale as an integer; false when it is none or does not fit.
bool exact(decimal d, std::int64_t scale, std::int64_t& out, std::string& why) {
    absorb_tens(d, scale);
    __int128 n;
    if (__builtin_mul_overflow(d.digits, static_cast<__int128>(scale), &n)) {
        why = d.exponent < 0 ? "is finer than the smallest step" : "is too large";
        return false;
    }
    for (; d.exponent < 0 && n != 0; ++d.exponent) {
        if (n % 10 != 0) {
            why = "is finer than the smallest step";
            return false;
        }
        n /= 10;
    }
    for (; d.exponent > 0 && n != 0 && n <= INT64_MAX && n >= INT64_MIN; --d.exponent) n *= 10;
    if (n > INT64_MAX || n < INT64_MIN) {
        why = "is too large";
        return false;
    }
    out = static_cast<std::int64_t>(n);
    return true;
}

template <class Units>
const unit* find_unit(const Units& units, std::string_view name) {
    for (const unit& u : units)
        if (u.name == name) return &u;
    return nullptr;
}

template <class Units>
bool with_unit(quantity q, const Units& units, decimal d, std::string_view name, std::int64_t& out, std::string& why) {
    const unit* u = find_unit(units, name);
    if (!u) {
        why = name.empty() ? std::string("needs a unit: ") + units_of(q)
                           : "has an unknown unit '" + std::string(name) + "'; allowed: " + units_of(q);
        return false;
    }
    return exact(d, u->scale, out, why);
}

// The period in picoseconds of a frequency, to the nearest; 33 MHz and 66 MHz are names for 30 ns and 15 ns.
bool period_of(decimal d, std::int64_t scale, std::int64_t& out, std::string& why) {
    if (d.digits <= 0) {
        why = "must be above 0";
        return false;
    }
    std::int64_t hertz = 0;
    std::string ignored;
    if (exact(d, scale, hertz, ignored) && (hertz == 33'000'000 || hertz == 66'000'000)) {
        out = hertz == 33'000'000 ? 30'000 : 15'000;
        return true;
    }
    absorb_tens(d, scale);
    for (; d.exponent < -24; ++d.exponent) d.digits /= 10;   // beyond the 24th decimal of a hertz no period changes
    __int128 numerator = static_cast<__int128>(1'000'000'000'000), denominator = d.digits * scale;
    for (; d.exponent < 0; ++d.exponent) numerator *= 10;
    for (; d.exponent > 0 && denominator < static_cast<__int128>(1) << 100; --d.exponent) denominator *= 10;
    const __int128 rounded = denominator > 0 ? (2 * numerator + denominator) / (2 * denominator) : 0;
    if (rounded < 1 || rounded > INT64_MAX) {
        why = "is out of reach of whole picoseconds";
        return false;
    }
    out = static_cast<std::int64_t>(rounded);
    return true;
}

template <class Units>
std::string shortest(const Units& units, std::int64_t v) {
    for (std::size_t i = units.size(); i-- > 0;)
        if (v % units[i].scale == 0 && (v != 0 || i == 0)) return std::to_string(v / units[i].scale) + " " + std::string(units[i].name);
    return std::to_string(v);
}

std::string decimal_ratio(std::int64_t v) {
    std::string digits = std::to_string(v < 0 ? 0 - static_cast<std::uint64_t>(v) : static_cast<std::uint64_t>(v));
    if (digits.size() < 19) digits.insert(0, 19 - digits.size(), '0');
    std::string s = digits.substr(0, digits.size() - 18) + "." + digits.substr(digits.size() - 18);
    while (s.back() == '0') s.pop_back();
    if (s.back() == '.') s.pop_back();
    return (v < 0 ? "-" : "") + s;
}

}  // namespace

const char* name_of(quantity q) {
    static constexpr const char* names[] = {"count", "flag", "time", "period", "rate", "size", "ratio", "text", "choice", "list"};
    return names[static_cast<int>(q)];
}

const char* units_of(quantity q) {
    switch (q) {
        case quantity::time: return "ps, ns, us, ms, s";
        case quantity::period: return "Hz, kHz, MHz, GHz, or a time: ps, ns, us, ms, s";
        case quantity::rate: return "bps, kbps, Mbps, Gbps";
        case quantity::size: return "B, KiB, MiB, GiB";
        case quantity::ratio: return "none, %";
        default: return "none";
    }
}

bool parse_quantity(quantity q, std::string_view written, value& out, std::string& why) {
    out.text = std::string(written);
    if (q == quantity::text || q == quantity::choice || q == quantity::list) return true;
    std::string_view s = trim(written);
    if (q == quantity::flag) {
        if (s != "true" && s != "false") {
            why = "is neither true nor false";
            return false;
        }
        out.integer = s == "true";
        return true;
    }
    decimal d;
    if (!take_decimal(s, d, why)) {
        if (*units_of(q) != 'n') why += std::string(" with a unit: ") + units_of(q);
        return false;
    }
    s = trim(s);
    switch (q) {
        case quantity::count:
            if (!s.empty()) {
                why = "is a count and takes no unit";
                return false;
            }
            if (!exact(d, 1, out.integer, why)) return false;
            break;
        case quantity::time:
            if (!with_unit(q, time_units, d, s, out.integer, why)) return false;
            break;
        case quantity::period:
            if (const unit* f = find_unit(frequency_units, s)) {
                if (!period_of(d, f->scale, out.integer, why)) return false;
            } else if (!with_unit(q, time_units, d, s, out.integer, why)) {
                return false;
            }
            break;
        case quantity::rate:
            if (!with_unit(q, rate_units, d, s, out.integer, why)) return false;
            break;
        case quantity::size:
            if (!with_unit(q, size_units, d, s, out.integer, why)) return false;
            break;
        case quantity::ratio:
            if (!with_unit(q, ratio_units, d, s, out.integer, why)) return false;
            break;
        default: break;
    }
    out.text = format_quantity(q, out.integer);
    return true;
}

std::string format_quantity(quantity q, std::int64_t v) {
    switch (q) {
        case quantity::flag: return v ? "true" : "false";
        case quantity::time:
        case quantity::period: return shortest(time_units, v);
        case quantity::rate: return shortest(rate_units, v);
        case quantity::size: return shortest(size_units, v);
        case quantity::ratio: return decimal_ratio(v);
        default: return std::to_string(v);
    }
}

}  // namespace nicteam
