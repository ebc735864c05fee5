#include "nicteam/wire/medium_access.h"

#include <algorithm>

namespace nicteam::wire {

void medium_access::setup(clock_domain octet, unsigned gap_octets, unsigned reception_slots) {
    octet_ = octet;
    gap_octets_ = gap_octets;
    reception_slots_ = reception_slots;
}

void medium_access::carrier_on(ps at) {
    if (off_ != never && at <= off_ && on_ != never) {     // goes on without a break
        off_ = never;
        carrier_ = true;
        return;
    }
    carrier_ = true;
    on_ = at;
    off_ = never;
    window_ = never;
    const ps before = after(at) - octet_.period();         // the last edge that does not see it
    const ps since = before - zero_, whole = gap_octets_ * octet_.period();
    if (yielded_ == 0 && since >= whole * first_part_of_gap / parts_of_gap && since < whole) window_ = zero_ + whole;
}

void medium_access::carrier_off(ps at) {
    if (!carrier_) return;
    carrier_ = false;
    off_ = at;
    const ps last_seen = octet_.edge(octet_.index(at));
    const bool seen = last_seen >= after(on_);
    if (!seen || (window_ != never && last_seen <= window_) || last_seen <= zero_) return;
    zero_ = last_seen;
    yielded_ = reception_slots_ * slot();
}

void medium_access::listen_anew() {
    carrier_ = false;
    on_ = off_ = window_ = never;
}

ps medium_access::start(ps ready) const {
    const ps idle = std::max(ready, zero_ + gap() + yielded_);
    if (!carrier_) return idle;
    if (idle < after(on_)) return idle;
    return window_ != never && ready <= window_ ? window_ : never;
}

ps medium_access::collision(ps first, ps last) const {
    if (on_ == never) return never;
    const ps seen = std::max(first + octet_.period(), after(on_));
    return seen <= last && (off_ == never || seen <= off_) ? seen : never;
}

void medium_access::ended(ps last) {
    window_ = never;
    if (last + octet_.period() < zero_) return;
    zero_ = last + octet_.period();
    yielded_ = 0;
}

collision_outcome medium_access::collided(ps first, ps at) {
    ++collisions_;
    if (at - first > slot()) return collision_outcome::late;
    return collisions_ == attempt_limit ? collision_outcome::too_many : collision_outcome::back_off;
}

ps medium_access::back_off(ps last) {
    const std::uint64_t slots = draw_(std::uint64_t{1} << std::min(collisions_, backoff_limit));
    return last + octet_.period() + static_cast<ps>(slots) * slot();
}

}  // namespace nicteam::wire
