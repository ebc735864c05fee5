// Words of one packet that pass a joint: one at each edge of the block, or over a link between chips at the link's own edges.
#pragma once

#include <cstdint>

namespace reference::offload {

struct passage {
    unsigned words = 0;              // that are still to pass
    bool linked = false;
    unsigned latency = 0;            // edges of the link before the first
    unsigned crossing = 0;           // edges of the block until the last one is seen
    std::int64_t since = 0;          // the take: an edge of the link at that instant is none of its

    explicit operator bool() const { return words || crossing; }
    // Of the block. The last word is there.
    bool edge() {
        if (!linked) return words && --words == 0;
        return words == 0 && crossing && --crossing == 0;
    }
    void link_edge(std::int64_t t) {
        if (!linked || since == t || words == 0) return;
        if (latency) --latency;
        else --words;
    }
    unsigned passed_of(unsigned all) const { return all - words - (linked && words == 0 && crossing ? 1 : 0); }
};

}  // namespace reference::offload
