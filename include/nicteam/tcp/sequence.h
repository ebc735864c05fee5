// Sequence numbers: modulo 2^32 (RFC 9293, 3.4). Two that are compared lie less than 2^31 apart.
#pragma once

#include <cstdint>

namespace nicteam::tcp {

using sequence = std::uint32_t;

constexpr bool before(sequence a, sequence b) { return static_cast<std::int32_t>(a - b) < 0; }
constexpr bool after(sequence a, sequence b) { return before(b, a); }
constexpr bool at_or_before(sequence a, sequence b) { return !before(b, a); }
constexpr bool at_or_after(sequence a, sequence b) { return !before(a, b); }
constexpr sequence later(sequence a, sequence b) { return before(a, b) ? b : a; }
constexpr sequence earlier(sequence a, sequence b) { return before(a, b) ? a : b; }

}  // namespace nicteam::tcp
