// What a result keeps of a histogram: exact count, sum and extremes, and at or below which value each share of the samples lies.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/metrics.h"

namespace nicteam::report {

struct distribution {
    // Shares of a curve, in hundredths of a percent.
    static constexpr unsigned whole = 10'000;
    static constexpr unsigned shares[] = {0,    100,  200,  500,  1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 5500, 6000,
                                          6500, 7000, 7500, 8000, 8500, 9000, 9300, 9500, 9700, 9800, 9900, 9950, 9990, 10000};

    std::uint64_t samples = 0;
    __int128 total = 0;
    std::int64_t least = 0, greatest = 0, p50 = 0, p90 = 0, p99 = 0, p999 = 0;  // percentiles as histogram::accuracy says
    std::vector<std::int64_t> curve;                                            // one value per share, or empty

    distribution() = default;
    distribution(const histogram& h, bool with_curve = false)
        : samples(h.count()),
          total(h.sum()),
          least(h.least()),
          greatest(h.greatest()),
          p50(h.percentile(50, 100)),
          p90(h.percentile(90, 100)),
          p99(h.percentile(99, 100)),
          p999(h.percentile(999, 1000)) {
        if (with_curve && samples)
            for (const unsigned s : shares) curve.push_back(s ? h.percentile(s, whole) : least);
    }
    std::uint64_t count() const { return samples; }
    __int128 sum() const { return total; }
};

}  // namespace nicteam::report
