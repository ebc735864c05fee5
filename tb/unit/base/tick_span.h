// A span as a naive loop would keep it: one entry per unit. Small time values, so that every tick can be visited.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "nicteam/base/span.h"

namespace nicteam::test {

struct tick_span {
    std::vector<ps> at;

    void append(const run& r) {
        ps t = r.first;
        for (std::uint32_t i = 0; i < r.units; ++i, t += r.stride) at.push_back(t);
    }
    void cut(ps end) {
        while (!at.empty() && at.back() > end) at.pop_back();
    }
    std::uint64_t passed(ps t) const {
        std::uint64_t n = 0;
        for (const ps a : at) n += a < t;
        return n;
    }
    std::uint64_t passed_by(ps t) const {
        std::uint64_t n = 0;
        for (const ps a : at) n += a <= t;
        return n;
    }
};

class dice {
public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}
    // Uniform enough for tests; the same on every machine, unlike std::uniform_int_distribution.
    std::int64_t operator()(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
    }

private:
    std::mt19937_64 engine_;
};

// A few runs after `from`, the same in both forms.
inline void grow(dice& roll, int runs, ps from, span& fast, tick_span& slow, std::int64_t most_units = 9) {
    ps free = fast.empty() ? from : std::max(from, fast.last() + 1);
    for (int i = 0; i < runs; ++i) {
        run r{free + roll(0, 7), roll(1, 6), static_cast<std::uint32_t>(roll(0, most_units))};
        if (r.units == 1 && roll(0, 1)) r.stride = 0;
        fast.append(r);
        slow.append(r);
        if (r.units) free = r.last() + 1;
    }
}

}  // namespace nicteam::test
