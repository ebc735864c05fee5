#include "nicteam/base/random_stream.h"

namespace nicteam {
namespace {

std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

std::uint64_t split_mix(std::uint64_t& x) {
    std::uint64_t z = (x += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

// FNV-1a; the length in front keeps ("ab","c") and ("a","bc") apart.
std::uint64_t absorb(std::uint64_t h, std::string_view s) {
    h = (h ^ s.size()) * 0x100000001B3u;
    for (const char c : s) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    return h;
}

}  // namespace

random_stream::random_stream(std::uint64_t run_seed, std::string_view path, std::string_view purpose) {
    std::uint64_t x = absorb(absorb(0xCBF29CE484222325u ^ run_seed, path), purpose);
    for (auto& s : state_) s = split_mix(x);
}

std::uint64_t random_stream::next() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return result;
}

std::uint64_t random_stream::below(std::uint64_t n) {
    const std::uint64_t reject = (0 - n) % n;
    for (;;) {
        const unsigned __int128 wide = static_cast<unsigned __int128>(next()) * n;
        if (static_cast<std::uint64_t>(wide) >= reject) return static_cast<std::uint64_t>(wide >> 64);
    }
}

std::int64_t random_stream::between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

bool random_stream::chance(std::int64_t probability) {
    if (probability <= 0) return false;
    return below(probability_one) < static_cast<std::uint64_t>(probability);
}

std::int64_t random_stream::exponential(std::int64_t mean) {
    // Whole means are rejected rounds; the fraction is the first uniform of the accepted falling run.
    for (std::uint64_t whole = 0;; ++whole) {
        const std::uint64_t first = next() >> 32;
        std::uint64_t last = first;
        bool odd = true;
        for (;;) {
            const std::uint64_t u = next() >> 32;
            if (u >= last) break;
            last = u;
            odd = !odd;
        }
        if (odd) {
            const unsigned __int128 x = (static_cast<unsigned __int128>(whole) << 32) | first;
            return static_cast<std::int64_t>((x * static_cast<std::uint64_t>(mean)) >> 32);
        }
    }
}

}  // namespace nicteam
