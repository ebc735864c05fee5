#include "nicteam/offload/association_cache.h"

#include <algorithm>
#include <utility>

namespace nicteam::offload {

association_cache::association_cache(unsigned entries, unsigned ways, std::unique_ptr<replacement_policy> p) : sets_(entries / ways), ways_(ways), policy_(std::move(p)) {}

association_cache::result association_cache::look_up(state::handle h) {
    cache_set& s = sets_[h.index % sets_.size()];
    policy_->looked_up(h);
    const auto at = std::find(s.begin(), s.end(), h);
    if (at != s.end()) {
        policy_->hit(s, static_cast<std::size_t>(at - s.begin()));
        return result::hit;
    }
    const bool full = s.size() == ways_;
    if (full && !policy_->admits(s, h)) return result::miss;
    if (full) s.pop_back();
    s.insert(s.begin(), h);
    return full ? result::evicted : result::miss;
}

void association_cache::forget(state::handle h) {
    cache_set& s = sets_[h.index % sets_.size()];
    s.erase(std::remove(s.begin(), s.end(), h), s.end());
}

}  // namespace nicteam::offload
