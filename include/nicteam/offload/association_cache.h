// Which associations 21a has at hand. It stands for what they are fetched from: a hit costs no more than the look-up, a miss the clocks of a
// row of the table. An entry is found in the set of its index; what goes when a set is full is a policy.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nicteam/offload/choices.h"
#include "nicteam/state/handle.h"

namespace nicteam::offload {

// The entries of a set, what goes next at the back.
using cache_set = std::vector<state::handle>;
class replacement_policy {
public:
    virtual ~replacement_policy() = default;
    virtual void looked_up(state::handle) {}                      // every one, before what follows
    virtual void hit(cache_set&, std::size_t) {}
    virtual bool admits(cache_set&, state::handle) { return true; }       // a full set: what is at the back goes for it; false: it is fetched and not kept
};
struct replacement_options {
    unsigned hysteresis = 8;                         // packets that a newcomer has to be ahead
    unsigned decay = 4096;                           // look-ups after which all counts halve; 0: never
};
std::unique_ptr<replacement_policy> make_replacement(cache_replacement, const replacement_options& = {});

class association_cache {
public:
    // `entries`, a multiple of `ways`; none: everything is at hand.
    association_cache(unsigned entries, unsigned ways, std::unique_ptr<replacement_policy>);

    enum class result : std::uint8_t { hit, miss, evicted };      // evicted: a miss for which another went
    result look_up(state::handle);
    void forget(state::handle);                      // it did not come
    bool there() const { return !sets_.empty(); }

private:
    std::vector<cache_set> sets_;
    unsigned ways_;
    std::unique_ptr<replacement_policy> policy_;
};

}  // namespace nicteam::offload
