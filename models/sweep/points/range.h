// Numeric ranges of a parameter: "10 MHz" to "66 MHz".
#pragma once

#include <string>
#include <vector>

namespace nicteam::sweep {

// Both ends with their units, of one kind. In between, values are written in the finer of both units, at most four digits of the span apart (linear) or
// with four digits (logarithmic); sizes in whole octets, numbers without a unit whole when both ends are.
class range {
public:
    range(const std::string& from, const std::string& to, bool logarithmic);  // throws std::invalid_argument

    std::string at(double x) const;                        // x in [0, 1]: 0 is `from`, 1 is `to`
    std::vector<std::string> steps(std::size_t count) const;  // both ends and what is evenly between them; 1: `from` alone

private:
    double step(double amount) const;  // between two values that are told apart there

    double from_ = 0, to_ = 0;  // in unit_
    std::string unit_;
    bool logarithmic_, whole_ = false;
};

}  // namespace nicteam::sweep
