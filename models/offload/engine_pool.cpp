#include "nicteam/offload/engine_pool.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/offload/engine_use.h"

namespace nicteam::offload {

engine_pool::engine_pool(clock_domain clock, const std::vector<unsigned>& engines, engine_use* use) : clock_(clock), use_(use) {
    for (const unsigned n : engines) free_.emplace_back(n, ps{0});
}

// The one that the packet has already, or of those that it has not the one that is free first.
ps& engine_pool::engine_for(unsigned group, bool authenticates) {
    for (const role& r : roles_)
        if (r.group == group && r.authenticates == authenticates) return *r.free;
    ps* first = nullptr;
    for (ps& f : free_.at(group)) {
        const bool taken = std::any_of(roles_.begin(), roles_.end(), [&](const role& r) { return r.free == &f; });
        if (!taken && (!first || f < *first)) first = &f;
    }
    if (!first) throw std::logic_error("engine pool: a packet needs more engines of a group than there are");
    roles_.push_back({group, authenticates, first});
    return *first;
}

engine_pool::times engine_pool::run(const std::vector<engine_work>& all, ps ready) {
    roles_.clear();
    for (const engine_work& w : all) {
        if (w.cipher) engine_for(w.cipher_group, false);
        if (w.authentication) engine_for(w.authentication_group, true);
    }
    if (roles_.empty()) return {ready, ready};
    ps start = std::max(ready, last_start_);
    for (const role& r : roles_) start = std::max(start, *r.free);
    last_start_ = start;
    ps t = start;
    for (const engine_work& w : all) {
        const ps first = after(t, w.cipher);
        const ps second = !w.authentication ? t : after(!w.cipher ? t : w.chained ? after(t, w.lag) : first, w.authentication);
        if (w.cipher) engine_for(w.cipher_group, false) = first;
        if (w.authentication) engine_for(w.authentication_group, true) = second;
        t = std::max(first, second);
    }
    if (use_)
        for (const role& r : roles_) use_->kept(r.group, start, *r.free);
    return {start, t};
}

}  // namespace nicteam::offload
