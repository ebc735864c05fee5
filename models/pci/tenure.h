// The edges of one tenure from what its parties want: docs/bus.md, section 2, as arithmetic. No kernel, no bytes.
#pragma once

#include <cstdint>

#include "nicteam/pci/protocol.h"

namespace nicteam::pci {

// All edges count clocks from the address edge A = 0.
constexpr std::int64_t no_edge = INT64_MAX;

struct tenure_input {
    bool write = false;
    std::uint32_t words = 1;                // wanted by the master
    answer reply;
    std::int64_t timer = no_edge;           // the latency timer makes the master decide here to stop
    std::int64_t limit = no_edge;           // it decides here by itself
    std::uint32_t line_words = 0;           // write-and-invalidate: words of a line; 0: stop anywhere
    std::uint32_t line_offset = 0;          // place of word 0 in its line

    // A target that changed its mind: words before `base` stay as they passed, the last of them at `before_base`; word
    // `base` may pass at `base_edge`. base = 0: as the answer says.
    std::uint32_t base = 0;
    std::int64_t before_base = 0, base_edge = 0;
};

struct tenure_plan {
    std::int64_t first = no_edge;           // edge of word `base`, next ones `stride` later
    std::int64_t stride = 1;
    std::uint32_t done = 0;
    std::int64_t frame_high = no_edge;      // FRAME# first sampled high
    std::int64_t stop = no_edge;            // STOP# first sampled low
    std::int64_t idle = no_edge;
    ending why = ending::completed;
};

tenure_plan plan_tenure(const tenure_input&);

}  // namespace nicteam::pci
