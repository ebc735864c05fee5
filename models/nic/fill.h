// When each byte of a frame passes the bus: a list of bursts, each a span of words.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "nicteam/base/span.h"

namespace nicteam::nic {

struct burst {
    std::uint32_t first = 0;      // frame byte that its first word begins with
    std::uint32_t bytes = 0;      // asked for: a last word may be partial
    unsigned lead = 0;            // byte lanes unused in the first word
    unsigned word_bytes = 4;
    span words;

    std::uint32_t word_of(std::uint32_t byte) const { return (byte - first + lead) / word_bytes; }
    // First frame byte in word w.
    std::uint32_t byte_of(std::uint32_t w) const { return w == 0 ? first : first + w * word_bytes - lead; }
    // The frame byte after those that n words carry.
    std::uint32_t end_of(std::uint64_t n) const {
        return n == 0 ? first : first + static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, n * word_bytes - lead));
    }
};

class fill {
public:
    void clear() { used_ = 0; }

    // The plan of the burst that begins with frame byte `first`; replaces an earlier plan of the same burst and cuts older
    // bursts short there.
    void plan(std::uint32_t first, std::uint32_t bytes, unsigned lead, unsigned word_bytes, const span& words);
    // All bytes from `first` on come at `at` (a master abort ends like a normal completion).
    void give(std::uint32_t first, ps at);

    ps when(std::uint32_t byte) const;          // `never` if not planned
    std::uint32_t passed(ps t) const;           // bytes strictly before t
    // The first byte that does not come strictly before start + byte * stride; `bytes` if all do.
    std::uint32_t first_late(ps start, ps stride, std::uint32_t bytes) const;

private:
    burst& next();
    std::vector<burst> bursts_;      // kept for their capacity; the first `used_` are in use
    std::size_t used_ = 0;
};

}  // namespace nicteam::nic
