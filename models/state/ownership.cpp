#include "nicteam/state/ownership.h"

#include <algorithm>

namespace nicteam::state {

owner_id ownership_ledger::new_owner(std::string name) {
    names_.push_back(std::move(name));
    return static_cast<owner_id>(names_.size() - 1);
}

const std::string& ownership_ledger::name(owner_id o) const { return names_.at(o); }

bool ownership_ledger::create(object_id object, owner_id by, ps now) {
    if (!owners_.emplace(object, by).second) return false;
    history_.push_back({now, object, nobody, by});
    return true;
}

bool ownership_ledger::destroy(object_id object, owner_id by, ps now) {
    const auto at = owners_.find(object);
    if (at == owners_.end() || at->second != by) return false;
    owners_.erase(at);
    history_.push_back({now, object, by, nobody});
    return true;
}

move_result ownership_ledger::move(object_id object, owner_id from, owner_id to, ps now) {
    const auto at = owners_.find(object);
    if (at == owners_.end()) return move_result::unknown;
    if (at->second != from) return move_result::not_the_owner;
    at->second = to;
    history_.push_back({now, object, from, to});
    return move_result::moved;
}

owner_id ownership_ledger::owner(object_id object) const {
    const auto at = owners_.find(object);
    return at == owners_.end() ? nobody : at->second;
}

std::size_t ownership_ledger::owned_by(owner_id o) const {
    return static_cast<std::size_t>(std::count_if(owners_.begin(), owners_.end(), [&](const auto& x) { return x.second == o; }));
}

}  // namespace nicteam::state
