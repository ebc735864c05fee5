// An exact non-negative ratio: bounds are compared and printed without floating point.
#pragma once

#include <cstdint>
#include <string>

namespace nicteam::bounds {

struct fraction {
    __int128 numerator = 0;
    __int128 denominator = 1;            // > 0

    constexpr bool operator<(const fraction& o) const { return numerator * o.denominator < o.numerator * denominator; }
    constexpr bool operator==(const fraction& o) const { return numerator * o.denominator == o.numerator * denominator; }
    constexpr fraction operator*(std::int64_t n) const { return {numerator * n, denominator}; }
    // Rounded half up, e.g. decimal(1) of 148809.52 is "148809.5"; "-" when the denominator is 0.
    std::string decimal(unsigned places) const;
};

}  // namespace nicteam::bounds
