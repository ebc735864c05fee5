// The anti-replay window of one association: RFC 4303 3.4.3, with 64-bit numbers RFC 4303 appendix A.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace nicteam::ipsec {

enum class replay_verdict : std::uint8_t { fresh, old, repeated, zero };

class replay_window {
public:
    // `size` numbers (0: nothing is refused), sequence numbers of 32 or 64 bits.
    explicit replay_window(std::uint32_t size = 64, bool extended = false);

    // The whole number of a packet that carries its lower half. Without extended numbers it is that half.
    std::uint64_t whole(std::uint32_t low) const;
    // For a member that verifies while the window has another owner: a number that it found authentic. Only `whole` goes by it.
    void advise(std::uint64_t sequence) { advised_ = std::max(advised_, sequence); }

    // Asked before the integrity check; `accept` only after it.
    replay_verdict look(std::uint64_t sequence) const;
    replay_verdict accept(std::uint64_t sequence);

    std::uint64_t highest() const { return highest_; }       // 0: nothing came yet
    std::uint32_t size() const { return size_; }

    // For an owner that takes over a window that nobody can read: everything up to `highest` counts as seen.
    void close_up_to(std::uint64_t highest);

    // The window as it is handed on: ceil(size / 64) words, bit k % 64 of word k / 64 for the number `highest` - k, 0 <= k < size.
    std::vector<std::uint64_t> map() const;
    // false, and nothing has changed: a map of another size, without the highest number itself, with numbers below 1 or beyond
    // the size, or one whose highest number lies below what came here already.
    bool restore(std::uint64_t highest, const std::vector<std::uint64_t>& map);

private:
    bool seen(std::uint64_t s) const { return bits_[s / 64 % bits_.size()] >> s % 64 & 1; }

    std::uint32_t size_;
    bool extended_;
    std::uint64_t highest_ = 0, advised_ = 0;
    std::vector<std::uint64_t> bits_;    // a ring of words; number s has bit s % 64 of word s / 64
};

}  // namespace nicteam::ipsec
