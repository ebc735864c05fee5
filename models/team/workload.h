// How much of what a member's engines can do its own traffic takes: row A-92's rho. What they put on and took off in line, either direction by engines
// of its own, in one window behind the other. Plain C++, whole numbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "nicteam/base/time.h"

namespace nicteam::team {

class workload {
public:
    static constexpr std::uint32_t whole = 1'000'000;

    void sends(std::uint64_t octets) { out_ += octets; }
    void receives(std::uint64_t octets) { in_ += octets; }

    // The window is over: the share of the busier direction in it, in millionths, of engines that do so many octets a second; at most all of it.
    std::uint32_t over(ps window, std::uint64_t rate) {
        const std::uint64_t octets = std::max(std::exchange(out_, 0), std::exchange(in_, 0));
        const auto could = static_cast<unsigned __int128>(rate) * static_cast<std::uint64_t>(window) / static_cast<std::uint64_t>(second);
        if (could <= octets) return octets ? whole : 0;
        return static_cast<std::uint32_t>(static_cast<unsigned __int128>(octets) * whole / could);
    }

private:
    std::uint64_t out_ = 0, in_ = 0;
};

}  // namespace nicteam::team
