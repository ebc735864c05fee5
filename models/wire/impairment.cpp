#include "nicteam/wire/impairment.h"

#include <algorithm>

namespace nicteam::wire {
namespace {

using wide = unsigned __int128;
constexpr unsigned bits_per_octet = 8;

}  // namespace

error_gaps::error_gaps(std::int64_t ratio) : ratio_(std::clamp<std::int64_t>(ratio, 0, probability_one)) {
    if (ratio_ == 0) return;
    wide q = (static_cast<wide>(probability_one - ratio_) << 64) / probability_one;   // 1 - ratio, in 2^-64
    for (unsigned k = 0; k < digits; ++k) {
        digit_[k] = static_cast<std::uint64_t>((q << 64) / ((static_cast<wide>(1) << 64) + q));
        q = (q * q + (static_cast<wide>(1) << 63)) >> 64;
    }
    beyond_ = static_cast<std::uint64_t>(q);
}

std::uint64_t error_gaps::next(random_stream& r) const {
    if (ratio_ == 0 || r.next() < beyond_) return none;
    std::uint64_t gap = 0;
    for (unsigned k = 0; k < digits; ++k)
        if (r.next() < digit_[k]) gap |= std::uint64_t{1} << k;
    return gap;
}

void error_history::change(ps at, std::int64_t ratio) {
    if (steps_.back().gaps.ratio() == ratio) return;
    ++changes_;
    if (steps_.back().from == at) steps_.back().gaps = error_gaps(ratio);
    else steps_.push_back({at, error_gaps(ratio)});
}

void error_history::forget(ps before) {
    while (steps_.size() > 1 && steps_[1].from < before) steps_.erase(steps_.begin());
}

void error_history::draw(random_stream random, const span& plan, unsigned skip, std::vector<std::uint64_t>& bad_bits) const {
    bad_bits.clear();
    const std::uint64_t units = plan.units();
    for (std::size_t s = 0; s < steps_.size(); ++s) {
        // Octets strictly after the step, up to and including the next one's instant.
        const std::uint64_t first = std::max<std::uint64_t>(steps_[s].from == INT64_MIN ? 0 : plan.passed_by(steps_[s].from), skip);
        const std::uint64_t end = s + 1 < steps_.size() ? plan.passed_by(steps_[s + 1].from) : units;
        if (first >= end) continue;
        std::uint64_t bit = (first - skip) * bits_per_octet;
        const std::uint64_t last = (end - skip) * bits_per_octet;
        for (;;) {
            const std::uint64_t gap = steps_[s].gaps.next(random);
            if (gap == error_gaps::none || bit + gap >= last) break;
            bit += gap;
            bad_bits.push_back(bit++);
        }
    }
}

}  // namespace nicteam::wire
