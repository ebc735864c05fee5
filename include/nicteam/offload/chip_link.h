// A joint between parts on different integrated circuits (source document 004, 18: 21a on 100, the rest on 102): a lane with a width, a clock and a
// latency of its own, one packet at a time. The sink takes as within a chip; the first word passes `latency` clocks behind the next edge of
// the link, then one a clock; the last one is seen `crossing` edges of the block behind it. docs/decisions/0116.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "nicteam/base/clock_domain.h"
#include "nicteam/base/span.h"

namespace nicteam::offload {

struct chip_link {
    clock_domain clock{30'000};
    unsigned word_octets = 4;
    unsigned latency = 2;                                  // clocks of the link
    unsigned crossing = 2;                                 // edges of the block
    std::function<void(std::uint32_t words)> passes{};     // told of each packet

    void plan(span& words, const clock_domain& block, ps at, std::uint32_t octets) const {
        const std::uint32_t all = octets ? (octets + word_octets - 1) / word_octets : 1;
        const ps first = clock.after(at, 1 + static_cast<std::int64_t>(latency)), last = first + clock.period() * static_cast<ps>(all - 1);
        words.clear();
        if (all > 1) words.append({first, all > 2 ? clock.period() : 0, all - 1});
        words.append({block.after(last, crossing), 0, 1});
        if (passes) passes(all);
    }
};
using maybe_link = std::optional<chip_link>;               // none: within a chip

}  // namespace nicteam::offload
