// Random numbers: one stream per consumer, seeded by (run seed, path, purpose), so that adding a consumer moves no other.
// Integer arithmetic only; the same bits on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace nicteam {

// Probabilities are whole multiples of 10^-18.
constexpr std::int64_t probability_one = 1'000'000'000'000'000'000;

class random_stream {
public:
    random_stream(std::uint64_t run_seed, std::string_view path, std::string_view purpose);

    std::uint64_t next();                                          // 64 uniform bits (xoshiro256**)
    std::uint64_t below(std::uint64_t n);                          // uniform in [0, n), n >= 1, without bias
    std::int64_t between(std::int64_t low, std::int64_t high);     // uniform in [low, high]
    bool chance(std::int64_t probability);                         // true with probability / 10^18

    // Exponentially distributed with the given mean, in whole units, by von Neumann's comparison method.
    std::int64_t exponential(std::int64_t mean);

private:
    std::array<std::uint64_t, 4> state_;
};

}  // namespace nicteam
