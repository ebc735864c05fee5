// Who owns what: every state variable has one owner at every instant (invariant I-5).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::state {

using object_id = std::uint64_t;      // of a state object, for the whole run
using owner_id = std::uint32_t;
constexpr owner_id nobody = 0;        // under way: neither the old owner nor the new one may use it

enum class move_result : std::uint8_t { moved, not_the_owner, unknown };

class ownership_ledger {
public:
    owner_id new_owner(std::string name);
    const std::string& name(owner_id) const;

    // A new object belongs to who made it. false: there is one of this id.
    bool create(object_id, owner_id, ps now);
    bool destroy(object_id, owner_id, ps now);

    // To `nobody` while it crosses the bus, then to its new owner.
    move_result move(object_id, owner_id from, owner_id to, ps now);

    owner_id owner(object_id) const;  // nobody also for an unknown one
    std::size_t objects() const { return owners_.size(); }
    std::size_t owned_by(owner_id) const;

    struct entry {
        ps at;
        object_id object;
        owner_id from, to;
    };
    const std::vector<entry>& history() const { return history_; }

private:
    std::vector<std::string> names_{"nobody"};
    std::map<object_id, owner_id> owners_;
    std::vector<entry> history_;
};

}  // namespace nicteam::state
