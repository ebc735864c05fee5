#include "nicteam/sweep/interval.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/distributions/students_t.hpp>

namespace nicteam::sweep {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// Nothing but what rounding left of figures as great as `scale`.
bool rounded_away(double difference, double scale) { return std::abs(difference) <= 4 * std::numeric_limits<double>::epsilon() * std::abs(scale); }

}  // namespace

double student_factor(double degrees, double confidence) {
    return boost::math::quantile(boost::math::students_t(degrees), 0.5 + confidence / 2);
}

interval interval_of(const std::vector<double>& figures, double confidence) {
    interval i{figures.size(), unknown, unknown, unknown};
    if (figures.empty()) return i;
    const auto n = static_cast<double>(figures.size());
    double sum = 0;
    for (const double x : figures) sum += x;
    i.mean = sum / n;
    const auto [least, most] = std::minmax_element(figures.begin(), figures.end());
    const bool alike = *least == *most;
    if (alike) i.mean = *least;  // a sum of them may be rounded
    if (figures.size() < 2) return i;
    if (alike) {
        i.deviation = i.half_width = 0;
        return i;
    }
    double squares = 0;
    for (const double x : figures) squares += (x - i.mean) * (x - i.mean);
    i.deviation = std::sqrt(squares / (n - 1));
    i.half_width = student_factor(n - 1, confidence) * i.deviation / std::sqrt(n);
    return i;
}

interval paired_difference(const std::vector<double>& a, const std::vector<double>& b, double confidence) {
    std::vector<double> differences(a.size());
    for (std::size_t n = 0; n < a.size(); ++n) {
        differences[n] = a[n] - b[n];
        if (n && rounded_away(differences[n] - differences[0], std::max(std::abs(a[n]), std::abs(b[n])))) differences[n] = differences[0];
    }
    return interval_of(differences, confidence);
}

interval difference(const std::vector<double>& a, const std::vector<double>& b, double confidence) {
    const interval of_a = interval_of(a, confidence), of_b = interval_of(b, confidence);
    interval i{a.size() + b.size(), of_a.mean - of_b.mean, unknown, unknown};
    if (a.size() < 2 || b.size() < 2) return i;
    const auto na = static_cast<double>(a.size()), nb = static_cast<double>(b.size());
    const double va = of_a.deviation * of_a.deviation / na, vb = of_b.deviation * of_b.deviation / nb;
    i.deviation = std::sqrt(va + vb);
    i.half_width = 0;
    if (i.deviation > 0) i.half_width = student_factor((va + vb) * (va + vb) / (va * va / (na - 1) + vb * vb / (nb - 1)), confidence) * i.deviation;
    return i;
}

}  // namespace nicteam::sweep
