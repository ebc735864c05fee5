// Packets and octets over time, in at most 128 intervals of one length: when time outgrows them, each two become one.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::report {

class time_series {
public:
    static constexpr std::size_t most = 128;
    struct interval {
        std::uint64_t packets = 0, octets = 0;
    };

    ps from = 0, step = microsecond;  // interval n is [from + n * step, from + (n + 1) * step)
    std::vector<interval> intervals;  // up to the last in which anything was

    time_series() = default;
    explicit time_series(ps begin) : from(begin) { intervals.reserve(most); }

    void add(ps at, std::uint64_t packets, std::uint64_t octets) {  // not before `from`
        while ((at - from) / step >= static_cast<ps>(most)) widen();
        const auto n = static_cast<std::size_t>((at - from) / step);
        if (n >= intervals.size()) intervals.resize(n + 1);
        intervals[n].packets += packets;
        intervals[n].octets += octets;
    }
    void widen() {
        for (std::size_t n = 0; n < intervals.size(); ++n) {
            interval& to = intervals[n / 2];
            if (n % 2 == 0)
                to = intervals[n];
            else
                to.packets += intervals[n].packets, to.octets += intervals[n].octets;
        }
        intervals.resize((intervals.size() + 1) / 2);
        step *= 2;
    }
    void widen_to(ps longer) {
        while (step < longer) widen();
    }
};

}  // namespace nicteam::report
