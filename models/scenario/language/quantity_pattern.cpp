#include "scenario/language/quantity_pattern.h"

#include <vector>

#include <fmt/format.h>

namespace nicteam::scenario {
namespace {

using wide = unsigned __int128;

// Any digit may have "_" behind it, the whole part any number of zeros before it.
const std::string digit = "[0-9]_*", zeros = "[0_]*", no_more = "(?![0-9_])", exponent = "[eE][+-]?[0-9]+";
const std::string number = "(?=\\.?[0-9])[0-9_]*(?:\\.[0-9_]*)?";

struct unit {
    std::string name;
    int decimals;            // digits behind the point that still make a whole step; < 0: any
    wide scale = 1;          // steps in it, or hertz
    bool frequency = false;  // the greatest period is the least of it
};

struct decimal {
    std::string whole, part;     // without zeros at the outer ends
};

decimal divide(wide n, wide by) {
    constexpr std::size_t enough = 29;    // digits: parse_quantity() reads 28
    decimal d;
    for (wide q = n / by; q > 0; q /= 10) d.whole.insert(0, 1, static_cast<char>('0' + static_cast<int>(q % 10)));
    for (n %= by; n > 0 && d.whole.size() + d.part.size() < enough; n %= by) {
        n *= 10;
        d.part += static_cast<char>('0' + static_cast<int>(n / by));
    }
    return d;
}

std::string digits(std::size_t n) { return n == 0 ? "" : n == 1 ? digit : fmt::format("(?:{}){{{}}}", digit, n); }
std::string below(char d) { return d == '1' ? "0" : fmt::format("[0-{}]", static_cast<char>(d - 1)); }
std::string above(char d) { return d == '8' ? "9" : fmt::format("[{}-9]", static_cast<char>(d + 1)); }

// What follows the point, from the digit at `i` on.
std::string part_at_least(const std::string& part, std::size_t i = 0) {
    const char d = part[i];
    if (i + 1 == part.size()) return d == '9' ? "9" : fmt::format("[{}-9]", d);
    const std::string same = fmt::format("{}_*{}", d, part_at_least(part, i + 1));
    return d == '9' ? same : fmt::format("(?:{}|{})", above(d), same);
}

std::string part_at_most(const std::string& part, std::size_t i = 0) {
    if (i == part.size()) return zeros + no_more;
    const char d = part[i];
    return fmt::format("(?:{}|{}_*{})", d == '0' ? no_more : below(d) + "|" + no_more, d, part_at_most(part, i + 1));
}

std::string whole_at_least(const decimal& low, std::size_t i) {
    if (i == low.whole.size()) return low.part.empty() ? "" : "\\._*" + part_at_least(low.part);
    if (low.part.empty() && low.whole.find_first_not_of('0', i + 1) == std::string::npos)
        return fmt::format("[{}-9]_*{}", low.whole[i], digits(low.whole.size() - i - 1));
    const char d = low.whole[i];
    const std::string same = fmt::format("{}_*{}", d, whole_at_least(low, i + 1));
    return d == '9' ? same : fmt::format("(?:{}_*{}|{})", above(d), digits(low.whole.size() - i - 1), same);
}

std::string whole_at_most(const decimal& high, std::size_t i) {
    if (i == high.whole.size()) return no_more + "(?:\\._*" + part_at_most(high.part) + "|(?!\\.))";
    const char d = high.whole[i];
    const std::string same = fmt::format("{}_*{}", d, whole_at_most(high, i + 1));
    return d == '0' ? same : fmt::format("(?:{}_*{}{}|{})", below(d), digits(high.whole.size() - i - 1), no_more, same);
}

// Both look at the number that follows, and take nothing of it.
std::string at_least(const decimal& low) {
    if (low.whole.empty() && low.part.empty()) return "";
    const std::string more = low.whole.empty() ? "[1-9]" : "[1-9]_*" + digits(low.whole.size());
    return fmt::format("(?={}(?:{}|{}))", zeros, more, whole_at_least(low, 0));
}

std::string at_most(const decimal& high) {
    const std::size_t n = high.whole.size();
    const std::string fewer = n < 2 ? no_more : fmt::format("(?:{}){{0,{}}}{}", digit, n - 1, no_more);
    return fmt::format("(?={}(?:{}{}))", zeros, n == 0 ? "" : fewer + "|", whole_at_most(high, 0));
}

std::string written(int decimals) {
    if (decimals < 0) return number;
    return "(?=\\.?[0-9])[0-9_]*(?:\\._*" + (decimals == 0 ? "" : fmt::format("(?:{}){{0,{}}}", digit, decimals)) + zeros + ")?";
}

std::vector<unit> units(quantity q, const std::string& also) {
    constexpr wide giga = 1'000'000'000;
    const std::vector<unit> times{{"ps", 0}, {"ns", 3, 1000}, {"us", 6, 1'000'000}, {"ms", 9, giga}, {"s", 12, giga * 1000}};
    switch (q) {
        case quantity::time: return times;
        case quantity::period: {
            std::vector<unit> all{{"Hz", -1, 1, true}, {"kHz", -1, 1000, true}, {"MHz", -1, 1'000'000, true}, {"GHz", -1, giga, true}};
            all.insert(all.end(), times.begin(), times.end());
            return all;
        }
        case quantity::rate: return {{"bps", 0}, {"kbps", 3, 1000}, {"Mbps", 6, 1'000'000}, {"Gbps", 9, giga}};
        case quantity::size: return {{"B", 0}, {"KiB", 10, 1 << 10}, {"MiB", 20, 1 << 20}, {"GiB", 30, 1 << 30}};
        case quantity::ratio: return {{"", 18, giga * giga}, {"%", 16, giga * giga / 100}};
        default: break;
    }
    return {{also.empty() ? "" : "(?:" + also + ")?", 0}};
}

std::string in_range(const unit& u, std::int64_t low, std::int64_t high) {
    decimal least = divide(static_cast<wide>(low), u.scale), most = divide(static_cast<wide>(high), u.scale);
    if (u.frequency) {    // a period is rounded to the nearest: 2e12 / (2 p ± 1) Hz
        constexpr wide twice = 2'000'000'000'000;
        least = divide(twice, (2 * static_cast<wide>(high) + 1) * u.scale);
        most = divide(twice, (2 * static_cast<wide>(low) - 1) * u.scale);
    }
    return at_least(least) + at_most(most) + written(u.decimals) + " *" + u.name;
}

}  // namespace

std::string quantity_pattern(quantity q, std::int64_t low, std::int64_t high, const std::string& also) {
    std::string plain, names, less;
    for (const unit& u : units(q, also)) {
        names += u.name + "|";
        if (high >= 0) plain += in_range(u, low < 0 ? 0 : low, high) + "|";
        if (low <= 0) less += (less.empty() ? "" : "|") + in_range(u, high < 0 ? 0 - high : 0, low < -INT64_MAX ? INT64_MAX : -low);
    }
    names.pop_back();
    const std::string with_exponent = fmt::format("{}{} *(?:{})", number, exponent, names);
    const std::string zero = fmt::format("(?=\\.?[0-9]){}(?:\\.{})?{} *(?:{})", zeros, zeros, exponent, names);
    const std::string negative = low > 0 ? "" : fmt::format("|-(?:{}|{})", less, low == 0 ? zero : with_exponent);
    return fmt::format("^ *(?:\\+?(?:{}{}){}) *$", plain, with_exponent, negative);
}

std::string number_pattern(const std::string& units) { return fmt::format("^ *[+-]?{}(?:{})? *(?:{})? *$", number, exponent, units); }

}  // namespace nicteam::scenario
