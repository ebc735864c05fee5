#include "sweep/results/amount_text.h"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace nicteam::sweep {
namespace {

constexpr struct {
    double factor;
    const char* prefix;
} prefixes[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}, {1e-3, "m"}, {1e-6, "u"}, {1e-9, "n"}, {1e-12, "p"}};

}  // namespace

std::string amount_text(double x, const std::string& unit) {
    const double size = std::abs(x);
    const bool takes_prefix = unit == "s" || unit == "Hz" || unit == "bps" || unit == "B";
    if (x == 0 || !takes_prefix) {
        const std::string text = size >= 1e4 && size < 1e9 ? fmt::format("{:.0f}", x) : fmt::format("{:.4g}", x);
        return unit.empty() ? text : text + " " + unit;
    }
    const auto* p = std::begin(prefixes);
    while (p + 1 != std::end(prefixes) && size < p->factor * 0.99995) ++p;
    return fmt::format("{:.4g} {}{}", x / p->factor, p->prefix, unit);
}

}  // namespace nicteam::sweep
