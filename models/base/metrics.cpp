#include "nicteam/base/metrics.h"

#include <algorithm>

namespace nicteam {
namespace {

constexpr unsigned step_bits = 10;

// Values below 1024 are octave 0; from 2^(9+n) to below 2^(10+n) is octave n.
unsigned octave_of(std::uint64_t v) { return v >> step_bits ? 63u - static_cast<unsigned>(__builtin_clzll(v)) - (step_bits - 1) : 0; }
unsigned shift_of(unsigned octave) { return octave ? octave - 1 : 0; }

std::int64_t lower_edge(unsigned octave, unsigned step) {
    return static_cast<std::int64_t>(octave ? ((1ull << step_bits) + step) << shift_of(octave) : step);
}
std::int64_t upper_edge(unsigned octave, unsigned step) { return lower_edge(octave, step) + ((std::int64_t{1} << shift_of(octave)) - 1); }

// Once for each octave: apart, so that add() saves no registers.
template <class T>
[[gnu::noinline]] void make(std::unique_ptr<T>& p) { p = std::make_unique<T>(); }

}  // namespace

histogram::histogram(const histogram& h) : count_(h.count_), sum_(h.sum_), least_(h.least_), greatest_(h.greatest_) {
    for (unsigned o = 0; o < octaves; ++o)
        if (h.counts_[o]) counts_[o] = std::make_unique<octave>(*h.counts_[o]);
}

void histogram::add(std::int64_t sample) {
    if (sample < 0) sample = 0;
    const auto v = static_cast<std::uint64_t>(sample);
    const unsigned o = octave_of(v);
    if (!counts_[o]) make(counts_[o]);
    ++(*counts_[o])[(v >> shift_of(o)) % steps];
    ++count_;
    sum_ += v;
    least_ = std::min(least_, sample);
    greatest_ = std::max(greatest_, sample);
}

std::int64_t histogram::percentile(unsigned numerator, unsigned denominator) const {
    const auto rank = static_cast<std::uint64_t>((static_cast<__int128>(count_) * numerator + denominator - 1) / denominator);
    std::uint64_t seen = 0;
    for (unsigned o = 0; o < octaves; ++o)
        for (unsigned s = 0; counts_[o] && s < steps; ++s) {
            seen += (*counts_[o])[s];
            if (seen >= rank && seen > 0) return std::min(upper_edge(o, s), greatest_);
        }
    return greatest_;
}

histogram histogram::since(const histogram& before) const {
    if (before.count_ == 0) return *this;
    histogram d;
    d.count_ = count_ - before.count_;
    d.sum_ = sum_ - before.sum_;
    for (unsigned o = 0; o < octaves; ++o) {
        if (!counts_[o]) continue;
        d.counts_[o] = std::make_unique<octave>(*counts_[o]);
        for (unsigned s = 0; s < steps; ++s) {
            std::uint64_t& n = (*d.counts_[o])[s];
            if (before.counts_[o]) n -= (*before.counts_[o])[s];
            if (n == 0) continue;
            if (d.least_ == INT64_MAX) d.least_ = std::max(lower_edge(o, s), least_);
            d.greatest_ = std::min(upper_edge(o, s), greatest_);
        }
    }
    return d;
}

}  // namespace nicteam
