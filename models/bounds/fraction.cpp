#include "nicteam/bounds/fraction.h"

#include <algorithm>

namespace nicteam::bounds {

std::string fraction::decimal(unsigned places) const {
    if (denominator == 0) return "-";
    const bool negative = (numerator < 0) != (denominator < 0) && numerator != 0;
    const __int128 den = denominator < 0 ? -denominator : denominator;
    const __int128 num = numerator < 0 ? -numerator : numerator;
    // Whole part first, then digit by digit: no product that could overflow.
    __int128 whole = num / den, rest = num % den;
    std::string digits;
    for (unsigned i = 0; i < places; ++i) {
        rest *= 10;
        digits += static_cast<char>('0' + static_cast<int>(rest / den));
        rest %= den;
    }
    if (2 * rest >= den) {
        std::size_t i = digits.size();
        while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
        if (i > 0) ++digits[i - 1];
        else ++whole;
    }
    std::string s;
    do {
        s += static_cast<char>('0' + static_cast<int>(whole % 10));
        whole /= 10;
    } while (whole);
    if (negative) s += '-';
    std::reverse(s.begin(), s.end());
    return places ? s + "." + digits : s;
}

}  // namespace nicteam::bounds
