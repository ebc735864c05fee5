// Which associations 21a has at hand. It stands for what they are fetched from: a hit costs no more than the look-up, a miss the clocks of a
// row of the table. An entry is found in the set of its index; what goes when a set is full is a policy.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/offload/choices.h"
#include "nicteam/state/handle.h"

namespace nicteam::offload {

// The entries of a set, what goes next at the back.
using cache_set = std::vector<state::handle>;
class replacement_policy {
public:
    virtual ~replacement_policy() = default;
    virtual void hit(cache_set&, std::size_t entry) const = 0;
};
const replacement_policy& policy_of(cache_replacement);

class association_cache {
public:
    // `entries`, a multiple of `ways`; none: everything is at hand.
    association_cache(unsigned entries, unsigned ways, const replacement_policy&);

    enum class result : std::uint8_t { hit, miss, evicted };      // evicted: a miss for which another went
    result look_up(state::handle);
    void forget(state::handle);                      // it did not come
    bool there() const { return !sets_.empty(); }

private:
    std::vector<cache_set> sets_;
    unsigned ways_;
    const replacement_policy& policy_;
};

}  // namespace nicteam::offload
