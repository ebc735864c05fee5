// An exact non-negative ratio: bounds are compared and printed without floating point.
#pragma once

#include <cstdint>
#include <string>

namespace nicteam::bounds {

struct fraction {
    __int128 numerator = 0;
    __int128 denominator = 1;            // > 0

    // By whole parts and remainders, as in Euclid's algorithm: no product that could overflow.
    constexpr bool operator<(const fraction& o) const {
        __int128 a = numerator, b = denominator, c = o.numerator, d = o.denominator;
        for (;;) {
            const __int128 p = a / b, q = c / d;
            if (p != q) return p < q;
            const __int128 r = a % b, s = c % d;
            if (s == 0) return false;
            if (r == 0) return true;
            a = d, c = b, b = s, d = r;      // r/b < s/d exactly if d/s < b/r
        }
    }
    constexpr bool operator==(const fraction& o) const { return !(*this < o) && !(o < *this); }
    constexpr fraction operator*(std::int64_t n) const { return {numerator * n, denominator}; }
    // Rounded half up, e.g. decimal(1) of 148809.52 is "148809.5"; "-" when the denominator is 0.
    std::string decimal(unsigned places) const;
};

}  // namespace nicteam::bounds
