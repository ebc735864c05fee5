// From values to places on a chart, 0 … 10,000, and the round values that stand at its axis. Integers only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nicteam::report {

class scale {
public:
    enum class of : std::uint8_t { time, bits_per_second, packets, percent };
    static constexpr std::int64_t whole = 10'000;
    struct tick {
        std::int64_t place;
        std::string text;
    };

    // Linear from `low` to `high`; `round`: to the next tick above.
    static scale linear(of, std::int64_t low, std::int64_t high, bool round = false);
    // Logarithmic, both above 0, for values that differ by a factor of 8 or more; linear otherwise.
    static scale logarithmic(of, std::int64_t low, std::int64_t high);

    // The same with room at both sides of the values, so that one alone stands in the middle.
    static scale around(of, std::int64_t least, std::int64_t greatest);

    std::int64_t place(std::int64_t v) const;  // clipped
    const std::vector<tick>& ticks() const { return ticks_; }

private:
    std::string text(std::int64_t v) const;
    void mark(std::int64_t v) { ticks_.push_back({place(v), text(v)}); }

    of of_ = of::time;
    std::int64_t low_ = 0, high_ = 1;
    bool log_ = false;
    std::vector<tick> ticks_;
};

}  // namespace nicteam::report
