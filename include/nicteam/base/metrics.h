// What a model counts. Cumulative, 64 bit, never reset: a measuring window is the difference of two snapshots.
#pragma once

#include <array>
#include <cstdint>

#include "nicteam/base/time.h"

namespace nicteam {

class counter {
public:
    void add(std::uint64_t n = 1) { value_ += n; }
    void take_back() { --value_; }      // what was counted at this very instant turns out not to have happened
    std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0;
};

// A level over time: exact integral, for means and utilisations. set() may report late, never backwards in time.
class level {
public:
    void set(ps at, std::int64_t v) {
        integral_ += static_cast<__int128>(v_) * (at - since_);
        since_ = at;
        v_ = v;
        if (v > highest_) highest_ = v;
    }
    void add(ps at, std::int64_t d) { set(at, v_ + d); }
    std::int64_t value() const { return v_; }
    std::int64_t highest() const { return highest_; }
    __int128 integral(ps until) const { return integral_ + static_cast<__int128>(v_) * (until - since_); }  // value x ps

private:
    __int128 integral_ = 0;
    ps since_ = 0;
    std::int64_t v_ = 0, highest_ = 0;
};

// Non-negative samples in buckets of 1/32 relative width; count, sum, least and greatest are exact.
class histogram {
public:
    static constexpr unsigned buckets = 64 * 32;
    void add(std::int64_t sample);
    std::uint64_t count() const { return count_; }
    __int128 sum() const { return sum_; }
    std::int64_t least() const { return count_ ? least_ : 0; }
    std::int64_t greatest() const { return greatest_; }
    // The upper edge of the bucket that holds the given share (numerator/denominator) of the samples; 0 if empty.
    std::int64_t percentile(unsigned numerator, unsigned denominator) const;
    const std::array<std::uint64_t, buckets>& counts() const { return counts_; }

private:
    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t count_ = 0;
    __int128 sum_ = 0;
    std::int64_t least_ = INT64_MAX, greatest_ = 0;
};

}  // namespace nicteam
