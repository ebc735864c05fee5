// Security associations that a host lends to units behind the one face: who owns each, what went along, and how it comes back, read or
// lost. Octets in, octets out; who posts them is the caller.
#pragma once

#include <map>
#include <optional>

#include "nicteam/ipsec/association.h"
#include "nicteam/packet/octets.h"
#include "nicteam/state/ownership.h"

namespace nicteam::driver {

class lent_associations {
public:
    // `host`: owns what is lent to nobody.
    lent_associations(state::ownership_ledger& ledger, state::owner_id host) : ledger_(ledger), host_(host) {}

    // A new one, the host's. It stays where it is and is changed by nobody but this while it is lent. Its numbers are lent from `numbers`, which
    // other units may share; none: its own. false: there is one of this id.
    bool add(state::object_id, ipsec::association&, ps now, ipsec::association* numbers = nullptr);

    // Octets of `install` for that unit, with that many sequence numbers, or as many as are left. It is under way until answered; nothing
    // when it is not the host's.
    std::optional<bytes> hand_over(state::object_id, state::owner_id unit, std::uint64_t numbers, ps now);
    // The answer: a handle, or that it was not executed, which brings everything back.
    void installed(state::object_id, std::optional<state::handle>, ps now);

    // A further lease, octets of `change`: also for one that was used up. Nothing when it is with no unit, or no number is left.
    std::optional<bytes> lend_more(state::object_id, std::uint64_t numbers);

    // What freeze-and-read brought: window, counters, and the numbers that were not used. false: octets that are no such state, which
    // leave it with the unit.
    bool came_back(state::object_id, nicteam::packet::octets parts, ps now);

    // The unit is gone. All that was there or on the way is the host's again, its numbers a gap. `highest_received`: told of a handle
    // (ring_ledger); the window is closed up to it.
    template <class Highest>
    std::vector<state::object_id> lost(state::owner_id unit, Highest&& highest_received, ps now) {
        std::vector<state::object_id> all;
        for (auto& [id, l] : all_)
            if (l.unit == unit) {
                take_home(id, l, l.at ? highest_received(*l.at) : 0, now);
                all.push_back(id);
            }
        return all;
    }

    // What that unit has of it is forgotten and stays there: the host's again, its numbers a gap, its window closed up to what was told.
    void forget(state::object_id, std::uint64_t highest_received, ps now);

    std::optional<state::handle> handle(state::object_id) const;      // nothing: with no unit

private:
    struct lent {
        ipsec::association *association = nullptr, *source = nullptr;      // … of its numbers
        state::owner_id unit = state::nobody;          // nobody: it is the host's
        std::optional<state::handle> at;               // nothing: under way
        ipsec::lease numbers;                          // the latest lease
    };
    void take_home(state::object_id, lent&, std::uint64_t highest_received, ps now);

    state::ownership_ledger& ledger_;
    state::owner_id host_;
    std::map<state::object_id, lent> all_;
};

}  // namespace nicteam::driver
