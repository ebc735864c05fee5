// Octets written as RFCs write them.
#pragma once

#include <string>
#include <string_view>

#include "nicteam/base/frame.h"

namespace nicteam::test {

inline bytes hex(std::string_view text) {
    bytes out;
    int half = -1;
    for (const char c : text) {
        const int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (d < 0) continue;
        if (half < 0) half = d;
        else out.push_back(static_cast<std::uint8_t>(half << 4 | d)), half = -1;
    }
    return out;
}

inline bytes counting(std::size_t n, unsigned from = 0) {
    bytes out(n);
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(from + i);
    return out;
}

}  // namespace nicteam::test
