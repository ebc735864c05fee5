// What replicates say of a figure: the mean and how far from it the true one may lie.
#pragma once

#include <cstddef>
#include <vector>

namespace nicteam::sweep {

// Student's interval: mean ± half_width holds the true mean with the confidence asked for, when the figures are independent and about normal.
struct interval {
    std::size_t count = 0;
    double mean = 0;        // NaN of no figures
    double deviation = 0;   // standard deviation of one figure, with n - 1; NaN of fewer than two
    double half_width = 0;  // NaN of fewer than two figures

    bool excludes(double x) const { return x < mean - half_width || x > mean + half_width; }  // false when nothing is known
};
interval interval_of(const std::vector<double>& figures, double confidence = 0.95);

// Of the differences a[i] - b[i]: what both share, such as a seed, falls out. Sizes must be equal.
interval paired_difference(const std::vector<double>& a, const std::vector<double>& b, double confidence = 0.95);

// Of the difference of the means of independent figures, by Welch's degrees of freedom; `deviation` is the standard error.
interval difference(const std::vector<double>& a, const std::vector<double>& b, double confidence = 0.95);

// The two-sided factor of Student's distribution: 2.776 at 4 degrees of freedom and 0.95.
double student_factor(double degrees, double confidence);

}  // namespace nicteam::sweep
