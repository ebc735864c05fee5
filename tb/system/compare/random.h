// Random numbers for configurations: the same on every machine.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>

namespace compare {

class random_source {
public:
    random_source(std::uint64_t seed, std::uint64_t index) : engine_(seed * 0x9E3779B97F4A7C15u + index) {}
    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(n)); }
    std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
    bool one_in(std::int64_t n) { return below(n) == 0; }
    template <class T>
    T any(std::initializer_list<T> of) { return of.begin()[below(static_cast<std::int64_t>(of.size()))]; }

private:
    std::mt19937_64 engine_;
};

}  // namespace compare
