#include "nicteam/wire/filtering_database.h"

#include <algorithm>
#include <stdexcept>

namespace nicteam::wire {

void filtering_database::fix(std::uint64_t address, place at) {
    if (is_group_address(address)) throw std::invalid_argument("a static entry for a group address");
    if (const auto known = index_.find(address); known != index_.end()) drop(known->second);
    if (index_.size() >= capacity_) throw std::length_error("no room for a static entry");
    fixed_.push_back({address, at, never, true});
    index_[address] = std::prev(fixed_.end());
}

filtering_database::lesson filtering_database::learn(std::uint64_t source, place from, ps now) {
    if (is_group_address(source)) return lesson::no_station;
    const auto known = index_.find(source);
    if (known == index_.end()) {
        if (index_.size() >= capacity_) return lesson::full;
        order_.push_back({source, from, now, false});
        index_[source] = std::prev(order_.end());
        return lesson::learned;
    }
    entry& e = *known->second;
    if (e.fixed) return e.at == from ? lesson::refreshed : lesson::pinned;
    const bool moved = e.at != from;
    e.at = from;
    e.seen = now;
    order_.splice(order_.end(), order_, known->second);
    return moved ? lesson::moved : lesson::refreshed;
}

std::optional<filtering_database::place> filtering_database::where(std::uint64_t address) const {
    const auto known = index_.find(address);
    if (known == index_.end()) return std::nullopt;
    return known->second->at;
}

void filtering_database::drop(iterator i) {
    index_.erase(i->address);
    (i->fixed ? fixed_ : order_).erase(i);
}

std::size_t filtering_database::forget(place at) {
    std::size_t n = 0;
    for (auto i = order_.begin(); i != order_.end();) {
        const auto next = std::next(i);
        if (i->at == at) drop(i), ++n;
        i = next;
    }
    return n;
}

std::size_t filtering_database::forget_all() {
    const std::size_t n = order_.size();
    while (!order_.empty()) drop(order_.begin());
    return n;
}

std::size_t filtering_database::age(ps now) {
    std::size_t n = 0;
    for (; next_to_age() <= now; ++n) drop(order_.begin());
    return n;
}

std::vector<filtering_database::entry> filtering_database::entries() const {
    std::vector<entry> all(fixed_.begin(), fixed_.end());
    all.insert(all.end(), order_.begin(), order_.end());
    std::sort(all.begin(), all.end(), [](const entry& a, const entry& b) { return a.address < b.address; });
    return all;
}

}  // namespace nicteam::wire
