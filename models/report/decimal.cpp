#include "nicteam/report/decimal.h"

#include <algorithm>

#include "nicteam/bounds/fraction.h"

namespace nicteam::report {
namespace {

__int128 magnitude(__int128 v) { return v < 0 ? -v : v; }

// Places that give three significant digits after rounding: 1.23, 12.3, 123.
unsigned places_for(__int128 num, __int128 den) {
    const __int128 v = magnitude(num) * 2000;
    if (v >= den * 199'900) return 0;        // 99.95
    if (v >= den * 19'990) return 1;         // 9.995
    return 2;
}

}  // namespace

std::string integer(__int128 v) { return bounds::fraction{v, 1}.decimal(0); }

std::string decimal(__int128 num, __int128 den, unsigned places) { return bounds::fraction{num, den}.decimal(places); }

std::string shortest(__int128 num, __int128 den, unsigned places) {
    std::string s = decimal(num, den, places);
    if (s.find('.') == std::string::npos) return s;
    while (s.back() == '0') s.pop_back();
    if (s.back() == '.') s.pop_back();
    return s;
}

std::string time_text(ps t) {
    static constexpr struct { ps unit; const char* name; } units[] = {{second, "s"}, {millisecond, "ms"}, {microsecond, "us"}, {nanosecond, "ns"}};
    const ps v = t < 0 ? -t : t;
    for (const auto& u : units)
        if (static_cast<__int128>(v) * 2000 >= static_cast<__int128>(u.unit) * 1999) return decimal(t, u.unit, places_for(t, u.unit)) + " " + u.name;
    return integer(t) + " ps";
}

std::string scaled(__int128 num, __int128 den, const char* unit) {
    if (den == 0) return "-";
    static constexpr struct { std::int64_t size; const char* prefix; } prefixes[] = {{1'000'000'000, "G"}, {1'000'000, "M"}, {1'000, "k"}};
    for (const auto& p : prefixes)
        if (magnitude(num) * 2000 >= den * p.size * 1999) return decimal(num, den * p.size, places_for(num, den * p.size)) + " " + p.prefix + unit;
    if (num % den == 0) return integer(num / den) + " " + unit;
    return decimal(num, den, places_for(num, den)) + " " + unit;
}

std::string percent(__int128 num, __int128 den) { return decimal(num * 100, den, 1) + (den ? " %" : ""); }

std::string grouped(__int128 num, __int128 den, unsigned places) {
    const std::string s = decimal(num, den, places);
    const std::size_t point = s.find('.'), whole = point == std::string::npos ? s.size() : point;
    std::string out = s;
    for (std::size_t i = whole; i > 3 && s[i - 4] != '-'; i -= 3) out.insert(i - 3, " ");
    return out;
}

std::string grouped(__int128 v) {
    std::string s = integer(v);
    for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(s.size()) - 3; i > (v < 0 ? 1 : 0); i -= 3) s.insert(static_cast<std::size_t>(i), " ");
    return s;
}

}  // namespace nicteam::report
