// What a direction of a cable does to frames besides delay. Integer arithmetic; draws depend only on the order of frames.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/base/random_stream.h"
#include "nicteam/base/span.h"

namespace nicteam::wire {

// Gaps between bit errors of a binary symmetric channel: geometric, drawn digit by digit. The digits of a geometric
// variate are independent: digit k is 1 with probability q^(2^k) / (1 + q^(2^k)), q = 1 - ratio.
class error_gaps {
public:
    static constexpr unsigned digits = 18;                     // gaps below 2^18 bits; beyond: none within a frame
    static constexpr std::uint64_t none = UINT64_MAX;

    explicit error_gaps(std::int64_t ratio);                   // in 10^-18
    std::int64_t ratio() const { return ratio_; }
    std::uint64_t next(random_stream&) const;                  // good bits before the next bad one, or `none`

private:
    std::int64_t ratio_;
    std::array<std::uint64_t, digits> digit_{};                // probability of a 1, in 2^-64
    std::uint64_t beyond_ = 0;                                 // probability of a gap of 2^digits or more, in 2^-64
};

// The bit error ratio over time. An octet at t is governed by the changes strictly before t.
class error_history {
public:
    explicit error_history(std::int64_t ratio) { steps_.push_back({INT64_MIN, error_gaps(ratio)}); }
    void change(ps at, std::int64_t ratio);
    void forget(ps before);                                    // keeps what governs octets from `before` on
    bool clean() const { return steps_.size() == 1 && steps_[0].gaps.ratio() == 0; }
    std::uint64_t changes() const { return changes_; }

    // Positions of bad bits of a frame's data, bit 0 = least significant bit of data octet 0. Octets before `skip` (the
    // preamble) carry no data. A pure function of the seed, the plan and the history.
    void draw(random_stream, const span& plan, unsigned skip, std::vector<std::uint64_t>& bad_bits) const;

private:
    struct step { ps from; error_gaps gaps; };
    std::vector<step> steps_;
    std::uint64_t changes_ = 0;
};

}  // namespace nicteam::wire
