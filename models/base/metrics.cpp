#include "nicteam/base/metrics.h"

#include <algorithm>

namespace nicteam {
namespace {

// Values below 64 have a bucket each; above, every power of two has 32.
unsigned bucket_of(std::uint64_t v) {
    if (v < 64) return static_cast<unsigned>(v);
    const unsigned top = 63u - static_cast<unsigned>(__builtin_clzll(v));
    return (top - 4) * 32 + static_cast<unsigned>((v >> (top - 5)) & 31);
}

std::int64_t upper_edge(unsigned bucket) {
    if (bucket < 64) return bucket;
    const unsigned top = bucket / 32 + 4;
    const std::uint64_t low = (static_cast<std::uint64_t>(32 + bucket % 32)) << (top - 5);
    return static_cast<std::int64_t>(low + (1ull << (top - 5)) - 1);
}

}  // namespace

void histogram::add(std::int64_t sample) {
    if (sample < 0) sample = 0;
    ++counts_[bucket_of(static_cast<std::uint64_t>(sample))];
    ++count_;
    sum_ += sample;
    least_ = std::min(least_, sample);
    greatest_ = std::max(greatest_, sample);
}

std::int64_t histogram::percentile(unsigned numerator, unsigned denominator) const {
    if (count_ == 0) return 0;
    const auto rank = static_cast<std::uint64_t>((static_cast<__int128>(count_) * numerator + denominator - 1) / denominator);
    std::uint64_t seen = 0;
    for (unsigned b = 0; b < buckets; ++b) {
        seen += counts_[b];
        if (seen >= rank && seen > 0) return std::min(upper_edge(b), greatest_);
    }
    return greatest_;
}

}  // namespace nicteam
