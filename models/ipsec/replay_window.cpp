#include "nicteam/ipsec/replay_window.h"

#include <algorithm>

namespace nicteam::ipsec {

// One word more than the window fills: the word that the highest number is in may be partly ahead of it (RFC 6479).
replay_window::replay_window(std::uint32_t size, bool extended) : size_(size), extended_(extended), bits_(size / 64u + 2u) {}

std::uint64_t replay_window::whole(std::uint32_t low) const {
    if (!extended_) return low;
    // Without a window: the nearest. RFC 4303 A2.2: the window lies in one subspace of 2^32 numbers (case A) or across two (case B).
    const std::uint64_t known = std::max(highest_, advised_), upper = known >> 32, top = known & 0xFFFFFFFF;
    const std::uint64_t width = size_ ? size_ : std::uint64_t{1} << 31, bottom = (top - width + 1) & 0xFFFFFFFF;
    const bool across = top < width - 1;
    std::uint64_t high = upper;
    if (!across && low < bottom) high = upper + 1;
    if (across && low >= bottom && upper > 0) high = upper - 1;
    return high << 32 | low;
}

replay_verdict replay_window::look(std::uint64_t s) const {
    if (size_ == 0) return replay_verdict::fresh;
    if (s == 0) return replay_verdict::zero;
    if (s > highest_) return replay_verdict::fresh;
    if (highest_ - s >= size_) return replay_verdict::old;
    return seen(s) ? replay_verdict::repeated : replay_verdict::fresh;
}

replay_verdict replay_window::accept(std::uint64_t s) {
    const replay_verdict v = look(s);
    if (v != replay_verdict::fresh) return v;
    if (s > highest_) {
        const std::uint64_t steps = std::min<std::uint64_t>(s / 64 - highest_ / 64, bits_.size());
        for (std::uint64_t k = 1; k <= steps; ++k) bits_[(highest_ / 64 + k) % bits_.size()] = 0;
        if (steps == bits_.size()) std::fill(bits_.begin(), bits_.end(), 0);
        highest_ = s;
    }
    bits_[s / 64 % bits_.size()] |= std::uint64_t{1} << s % 64;
    return v;
}

void replay_window::close_up_to(std::uint64_t highest) {
    highest_ = std::max(highest_, highest);
    std::fill(bits_.begin(), bits_.end(), ~std::uint64_t{0});
    // Numbers ahead of the highest share its word.
    for (std::uint64_t s = highest_ + 1; s % 64; ++s) bits_[s / 64 % bits_.size()] &= ~(std::uint64_t{1} << s % 64);
}

std::vector<std::uint64_t> replay_window::map() const {
    std::vector<std::uint64_t> m((size_ + 63u) / 64u);
    for (std::uint64_t k = 0; k < size_ && k < highest_; ++k)
        if (seen(highest_ - k)) m[k / 64] |= std::uint64_t{1} << k % 64;
    return m;
}

bool replay_window::restore(std::uint64_t highest, const std::vector<std::uint64_t>& m) {
    if (m.size() != (size_ + 63u) / 64u || highest < highest_) return false;
    const auto has = [&](std::uint64_t k) { return m[k / 64] >> k % 64 & 1; };
    if (!m.empty() && highest && !has(0)) return false;
    for (std::uint64_t k = 0; k < m.size() * 64; ++k)
        if (has(k) && (k >= size_ || k >= highest)) return false;
    highest_ = highest;
    std::fill(bits_.begin(), bits_.end(), 0);
    for (std::uint64_t k = 0; k < size_ && k < highest; ++k)
        if (has(k)) bits_[(highest - k) / 64 % bits_.size()] |= std::uint64_t{1} << (highest - k) % 64;
    return true;
}

}  // namespace nicteam::ipsec
