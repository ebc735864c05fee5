#include "grant.h"

#include <algorithm>

namespace nicteam::pci {

void grant::power_on(ps first_edge, unsigned masters) {
    masters_ = masters;
    from_ = first_edge;
    holder_ = parked();
}

std::uint32_t grant::asked(ps n) const {
    std::uint32_t mask = 0;
    for (std::uint32_t left = asking_; left; left &= left - 1) {
        const auto m = static_cast<unsigned>(__builtin_ctz(left));
        if (requests_[m] <= n) mask |= 1u << m;
    }
    return mask;
}

ps grant::earliest(std::uint32_t masters) const {
    ps first = never;
    for (std::uint32_t left = masters; left; left &= left - 1)
        first = std::min(first, requests_[static_cast<unsigned>(__builtin_ctz(left))]);
    return first;
}

int grant::parked() const {
    if (masters_ == 0 || parking_ == parking::none) return -1;
    return parking_ == parking::last ? static_cast<int>(last_) : 0;
}

bool grant::held_at_address(unsigned m, ps address) const {
    const std::uint32_t asking = asked(address - period_);
    return asking ? (asking >> m & 1u) != 0 : parking_ != parking::none;
}

ps grant::lost(unsigned m, ps address) const {
    const bool parks_here = parking_ == parking::last || (parking_ == parking::first && m == 0);
    if (!parks_here) return address + period_;
    const ps first = earliest(asking_ & ~(1u << m));
    return first == never ? never : std::max(address, first) + period_;
}

int grant::while_busy(unsigned m, ps n) const {
    const std::uint32_t asking = asked(n) & ~(1u << m);
    if (asking) return static_cast<int>(policy_.choose(asking, m));
    if (parking_ == parking::none) return -1;
    return parking_ == parking::last ? static_cast<int>(m) : 0;
}

void grant::idle_again(unsigned m, ps idle) {
    holder_ = while_busy(m, idle - period_);
    last_ = m;
    from_ = idle;
}

void grant::withdrawn(unsigned m, ps address, bool held) {
    holder_ = held ? static_cast<int>(m) : -1;
    from_ = address;
}

}  // namespace nicteam::pci
