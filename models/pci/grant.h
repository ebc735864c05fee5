// GNT# on an idle bus: docs/bus.md, section 1, edge by edge but only over edges at which something changes.
#pragma once

#include <array>
#include <cstdint>

#include "nicteam/pci/arbiter.h"
#include "nicteam/base/time.h"

namespace nicteam::pci {

constexpr unsigned most_masters = 32;

enum class parking : std::uint8_t { last, first, none };

// What the arbiter sees and holds. Edges are clocks of the bus as absolute times.
class grant {
public:
    grant(const arbiter& policy, parking p, ps period) : policy_(policy), parking_(p), period_(period) { requests_.fill(never); }

    void power_on(ps first_edge, unsigned masters);
    void request(unsigned m, ps first_low) {                                  // `never`: REQ# is high
        requests_[m] = first_low;
        asking_ = first_low == never ? asking_ & ~(1u << m) : asking_ | 1u << m;
    }
    ps requested(unsigned m) const { return requests_[m]; }

    // The start that follows if nothing else is asked for: `address` is never when nobody asks.
    struct start {
        ps address = never;
        unsigned master = 0;
    };
    // Told: each change of GNT# on the way, as told(holder, edge).
    template <class Told> start predict(Told&& told) const;
    start predict() const { return predict([](int, ps) {}); }

    // The predicted start happens at `address`: true if the master still has GNT# there.
    bool held_at_address(unsigned m, ps address) const;
    // First edge at which a master that has GNT# at `address` has lost it, its tenure lasting that long.
    ps lost(unsigned m, ps address) const;
    // GNT# at n + 1 clock while m's tenure lasts at n.
    int while_busy(unsigned m, ps n) const;
    void idle_again(unsigned m, ps idle);            // m's tenure ends, the bus is idle from here
    void withdrawn(unsigned m, ps address, bool held);   // m does not start: the bus stays idle
    unsigned last() const { return last_; }

private:
    std::uint32_t asked(ps n) const;                 // bit m: REQ# of m is sampled low at n
    ps earliest(std::uint32_t masters) const;        // the first request among these, or `never`
    int parked() const;

    const arbiter& policy_;
    parking parking_;
    ps period_;
    std::array<ps, most_masters> requests_;
    std::uint32_t asking_ = 0;                       // bit m: requests_[m] is not `never`
    unsigned masters_ = 0;
    unsigned last_ = 0;
    ps from_ = 0;                                    // idle since: GNT# as it is here decides all that follows
    int holder_ = -1;
};

template <class Told>
grant::start grant::predict(Told&& told) const {
    ps n = from_;
    int holder = holder_;
    told(holder, n);
    for (;;) {
        if (holder >= 0 && requests_[static_cast<unsigned>(holder)] <= n + period_) return {n + period_, static_cast<unsigned>(holder)};
        const std::uint32_t asking = asked(n);
        int next = holder;
        if (holder >= 0) {
            if (asking || parking_ == parking::none) next = -1;
        } else {
            next = asking ? static_cast<int>(policy_.choose(asking, last_)) : parked();
        }
        if (next != holder) {
            holder = next;
            n += period_;
            told(holder, n);
            continue;
        }
        // Nothing changes before somebody asks; a holder starts with its REQ#, others are seen asking.
        ps then = earliest(asking_);
        if (then == never) return {};
        if (holder >= 0 && requests_[static_cast<unsigned>(holder)] != never) {
            const ps own = requests_[static_cast<unsigned>(holder)] - period_;
            if (own < then) then = own;
        }
        n = then;
    }
}

}  // namespace nicteam::pci
