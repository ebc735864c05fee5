// When the cipher and authentication engines of IPsec logic 21a work on which packet. A packet gets all the engines that it needs
// at once, in the order in which packets ask, and keeps each until its last use.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/clock_domain.h"

namespace nicteam::offload {

// What one association asks of the engines for one packet, in clocks of the block (esp_clocks, hash_clocks). Source document 004 leaves open how the two
// work together: chained, both from the start, or one after the other.
struct engine_work {
    std::uint32_t cipher = 0, authentication = 0;    // 0: none of that kind
    std::uint32_t lag = 0;                           // chained: clocks between the two, of the first block
    bool chained = true;
    std::uint8_t cipher_group = 0, authentication_group = 1;     // engines that are alike
};

class engine_use;

class engine_pool {
public:
    // How many engines each group has, and who is told which are kept for how long.
    engine_pool(clock_domain, const std::vector<unsigned>& engines, engine_use* = nullptr);

    struct times {
        ps started = 0, done = 0;
    };
    // One association after the other, from edge `ready` on, and not before what asked earlier has started. An engine that is done
    // at an edge may start again there. Throws std::logic_error: a group has fewer engines than the packet needs.
    times run(const std::vector<engine_work>&, ps ready);

private:
    ps after(ps edge, std::uint32_t clocks) const { return edge + clock_.period() * static_cast<ps>(clocks); }

    struct role {                                    // what an engine is for a packet
        unsigned group;
        bool authenticates;
        ps* free;
    };
    ps& engine_for(unsigned group, bool authenticates);

    clock_domain clock_;
    engine_use* use_;
    std::vector<std::vector<ps>> free_;              // by group: from when on
    std::vector<role> roles_;                        // of the packet at hand
    ps last_start_ = 0;
};

}  // namespace nicteam::offload
