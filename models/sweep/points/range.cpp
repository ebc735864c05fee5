#include "sweep/points/range.h"

#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "sweep/expressions/quantity_value.h"

namespace nicteam::sweep {
namespace {

constexpr int digits = 4;

struct end {
    double amount;
    std::string unit;
    double factor = 1;  // of the unit
    dimension of{};
};

end end_of(const std::string& written) {
    end e{};
    const auto parsed = std::from_chars(written.data(), written.data() + written.size(), e.amount);
    if (parsed.ec != std::errc{}) throw std::invalid_argument(fmt::format("\"{}\" is no number", written));
    std::size_t at = static_cast<std::size_t>(parsed.ptr - written.data());
    while (at < written.size() && written[at] == ' ') ++at;
    e.unit = written.substr(at);
    if (!e.unit.empty() && !find_unit(e.unit, e.factor, e.of)) throw std::invalid_argument(fmt::format("\"{}\": \"{}\" is no unit", written, e.unit));
    return e;
}

double rounded(double x, double step) { return std::round(x / step) * step; }

}  // namespace

range::range(const std::string& from, const std::string& to, bool logarithmic) : logarithmic_(logarithmic) {
    end a = end_of(from), b = end_of(to);
    if (a.of != b.of) throw std::invalid_argument(fmt::format("from \"{}\" to \"{}\": {} and {}", from, to, name_of(a.of), name_of(b.of)));
    unit_ = a.factor <= b.factor ? a.unit : b.unit;
    double factor = std::min(a.factor, b.factor);
    if (a.of == dimension{0, 1}) unit_ = "B", factor = 8;
    whole_ = unit_ == "B" || (unit_.empty() && a.amount == std::floor(a.amount) && b.amount == std::floor(b.amount));
    from_ = a.unit == unit_ ? a.amount : out_of_base(in_base(a.amount, a.factor), factor);
    to_ = b.unit == unit_ ? b.amount : out_of_base(in_base(b.amount, b.factor), factor);
    if (logarithmic_ && (from_ <= 0 || to_ <= 0))
        throw std::invalid_argument(fmt::format("from \"{}\" to \"{}\": a logarithmic scale begins above 0", from, to));
}

std::string range::at(double x) const {
    const double between = logarithmic_ ? from_ * std::pow(to_ / from_, x) : from_ + x * (to_ - from_);
    const double amount = x <= 0 ? from_ : x >= 1 ? to_ : rounded(between, whole_ ? 1 : step(between));
    const std::string text = whole_ ? fmt::format("{:.0f}", amount) : fmt::format("{:.10g}", amount);
    return unit_.empty() ? text : text + " " + unit_;
}

double range::step(double amount) const {
    const double size = std::abs(logarithmic_ ? amount : to_ - from_);
    return size > 0 ? std::pow(10, std::floor(std::log10(size)) + 1 - digits) : 1;
}

std::vector<std::string> range::steps(std::size_t count) const {
    std::vector<std::string> all;
    for (std::size_t n = 0; n < count; ++n) all.push_back(at(count == 1 ? 0 : static_cast<double>(n) / static_cast<double>(count - 1)));
    return all;
}

}  // namespace nicteam::sweep
