// Time: whole picoseconds since power-on. 64 signed bits reach 106 days.
#pragma once

#include <cstdint>

namespace nicteam {

using ps = std::int64_t;

constexpr ps never = INT64_MAX;  // an instant that is not planned
constexpr ps nanosecond = 1'000;
constexpr ps microsecond = 1'000'000;
constexpr ps millisecond = 1'000'000'000;
constexpr ps second = 1'000'000'000'000;

}  // namespace nicteam
