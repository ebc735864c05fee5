#include "report/page/scale.h"

#include <algorithm>

#include "nicteam/base/time.h"
#include "nicteam/report/decimal.h"

namespace nicteam::report {
namespace {

// log2 in 1/65536, by squaring.
std::int64_t log2_of(std::int64_t v) {
    unsigned n = 63u - static_cast<unsigned>(__builtin_clzll(static_cast<unsigned long long>(v)));
    std::int64_t result = n;
    auto x = static_cast<unsigned __int128>(v) << (62 - n);  // 1 … 2 in 2^62
    for (int bit = 0; bit < 16; ++bit) {
        x = x * x >> 62;
        result <<= 1;
        if (x >> 63) {
            result |= 1;
            x >>= 1;
        }
    }
    return result;
}

// The least of 1, 2, 5, 10, 20 … that goes into `span` at most so many times.
std::int64_t step_for(std::int64_t span, std::int64_t times) {
    std::int64_t step = 1;
    for (int n = 0; step * times < span; ++n) step = n % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

}  // namespace

scale scale::linear(of what, std::int64_t low, std::int64_t high, bool round) {
    scale s;
    s.of_ = what;
    high = std::max(high, low + 1);
    const std::int64_t step = step_for(high - low, what == of::time ? 7 : 5);
    if (round) high = (high + step - 1) / step * step;
    s.low_ = low;
    s.high_ = high;
    for (std::int64_t v = (low + step - 1) / step * step; v <= high; v += step) s.mark(v);
    return s;
}

scale scale::logarithmic(of what, std::int64_t low, std::int64_t high) {
    low = std::max<std::int64_t>(low, 1);
    if (high / 8 < low) return linear(what, low, high);
    scale s;
    s.of_ = what;
    s.low_ = low;
    s.high_ = high;
    s.log_ = true;
    const bool few = high / low < 200;
    std::int64_t decade = 1;
    while (decade * 10 <= low) decade *= 10;
    for (; decade <= high; decade *= 10)
        for (const std::int64_t v : {decade, 2 * decade, 5 * decade})
            if (v >= low && v <= high && (few || v == decade)) s.mark(v);
    return s;
}

scale scale::around(of what, std::int64_t least, std::int64_t greatest) {
    // What differs by less than a hundredth of itself is shown as the same, not stretched over the page.
    if (greatest / 8 >= least) return logarithmic(what, least - least / 8, greatest + greatest / 8);
    const std::int64_t room = std::max((greatest - least) / 20, greatest / 25 + 1);
    return linear(what, std::max<std::int64_t>(least - room, 0), greatest + room);
}

std::int64_t scale::place(std::int64_t v) const {
    v = std::clamp(v, low_, high_);
    if (!log_) return static_cast<std::int64_t>(static_cast<__int128>(v - low_) * whole / (high_ - low_));
    return (log2_of(v) - log2_of(low_)) * whole / std::max<std::int64_t>(1, log2_of(high_) - log2_of(low_));
}

std::string scale::text(std::int64_t v) const {
    if (of_ == of::percent) return std::to_string(v) + " %";
    static constexpr struct {
        std::int64_t size;
        const char *time, *rate, *packets;
    } units[] = {{second, "s", "", ""},
                 {1'000'000'000, "ms", "Gb/s", " G"},
                 {1'000'000, "us", "Mb/s", " M"},
                 {1'000, "ns", "kb/s", " k"},
                 {1, "ps", "b/s", ""}};
    for (const auto& u : units) {
        const char* name = of_ == of::time ? u.time : of_ == of::bits_per_second ? u.rate : u.packets;
        if (u.size == second && of_ != of::time) continue;
        // On a linear axis all ticks have the unit of its upper end.
        if ((log_ ? v : high_) >= u.size)
            return v == 0 && of_ != of::time ? "0" : shortest(v, u.size, 3) + (of_ == of::packets ? name : std::string(" ") + name);
    }
    return "0";
}

}  // namespace nicteam::report
