// What a model counts. Cumulative, 64 bit, never reset: a measuring window is the difference of two snapshots.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

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

// Non-negative samples; count, sum, least and greatest are exact. Each power of two has 1,024 buckets, made when the first sample
// falls into it: a percentile is exact below 2,048, else above the exact one by less than 1/1024 of it, never below.
class histogram {
public:
    static constexpr const char* accuracy = "exact below 2048, else at most 1/1024 above the exact sample, never below";

    histogram() = default;
    histogram(const histogram&);
    histogram(histogram&&) = default;
    histogram& operator=(histogram&&) = default;
    void add(std::int64_t sample);
    std::uint64_t count() const { return count_; }
    __int128 sum() const { return sum_; }
    std::int64_t least() const { return count_ ? least_ : 0; }
    std::int64_t greatest() const { return greatest_; }
    // At or below which the given share (numerator/denominator) of the samples lies; 0 if empty.
    std::int64_t percentile(unsigned numerator, unsigned denominator) const;
    // The samples that came after those of `before`, an earlier state of this one. Least and greatest are as good as a percentile.
    histogram since(const histogram& before) const;

private:
    static constexpr unsigned steps = 1024, octaves = 54;
    using octave = std::array<std::uint64_t, steps>;
    std::array<std::unique_ptr<octave>, octaves> counts_;        // values below 1024; then each power of two
    std::uint64_t count_ = 0;
    __int128 sum_ = 0;
    std::int64_t least_ = INT64_MAX, greatest_ = 0;
};

}  // namespace nicteam
