#include "team/modes/adaptive.h"

#include <algorithm>

#include "nicteam/packet/ethernet.h"

namespace nicteam::team {

adaptive::adaptive(const mode_config& c) : config_(c), receiver_(c.primary_reselect, 0) {}

bool adaptive::is_usable(unsigned m) const { return std::find(usable_.begin(), usable_.end(), m) != usable_.end(); }
bool adaptive::carries(unsigned m) const { return is_usable(m); }

void adaptive::start(const members& all, ps now, actions& a) {
    addresses_.start(all);
    next_lesson_ = now + config_.lp_interval;
    next_balance_ = now + rebalance_interval;
    elect(all, now, a);
}

void adaptive::changed(const members& all, ps now, actions& a) {
    addresses_.refresh(all, a);
    elect(all, now, a);
}

// A frame from a member to itself: every switch on the way learns where its address is (EtherType 9000h, loopback).
void adaptive::teach(unsigned m, actions& a) const {
    constexpr std::uint16_t loopback = 0x9000;
    std::vector<std::uint8_t> f;
    packet::append_ethernet(f, addresses_.of(m), addresses_.of(m), loopback);
    packet::pad_to_minimum(f);
    a.frames.push_back({m, std::move(f)});
}

void adaptive::elect(const members& all, ps now, actions& a) {
    const std::vector<unsigned> before = std::move(usable_);
    usable_.clear();
    for (unsigned m = 0; m < all.size(); ++m)
        if (all[m].usable) usable_.push_back(m);

    const unsigned old = receiver_.active();
    if (receiver_.hold(all, now) && receiver_.active() != no_member) {
        const unsigned m = receiver_.active();
        const std::size_t done = a.addresses.size();
        addresses_.pass_to(m, a);
        if (a.addresses.size() != done) {
            for (const unsigned each : {m, old})
                if (each != no_member && is_usable(each)) teach(each, a);
            if (old != no_member) clients_.forget(old);
            clients_.forget(m);
            addresses_swapped(m, old, now);
        }
    }
    bool gained = false;
    for (const unsigned m : usable_) gained |= std::find(before.begin(), before.end(), m) == before.end();
    if (gained) next_balance_ = std::min(next_balance_, now + tick);
    for (const unsigned m : before)
        if (!is_usable(m)) {
            clients_.forget(m);
            members_changed(all, m, false, now);
        }
    if (gained) members_changed(all, no_member, true, now);
}

void adaptive::choose(const frame_view& f, const members& all, ps, route& out) {
    if (receiver() == no_member) return;
    const int place = place_of(f);
    if (place < 0) {
        clients_.add_unbalanced(f.bytes);
        return send_through(receiver(), f, false, out);
    }
    const unsigned fixed = fixed_choice(f, all);
    send_through(fixed != no_member ? fixed : clients_.pick(static_cast<std::uint8_t>(place), f.bytes, usable_, all), f, false, out);
}

bool adaptive::delivers(unsigned member, const frame_view& f, const members&, ps, actions&) {
    return config_.all_slaves_active || member == receiver() || (!is_group(f) && delivers_for_others(f));
}

ps adaptive::next() const { return std::min({receiver_.next(), next_lesson_, next_balance_}); }

void adaptive::due(const members& all, ps now, actions& a) {
    if (now >= receiver_.next()) elect(all, now, a);
    if (now >= next_lesson_) {
        next_lesson_ = now + config_.lp_interval;
        for (const unsigned m : usable_) teach(m, a);
    }
    if (now >= next_balance_) {
        next_balance_ = now + rebalance_interval;
        clients_.rebalance(receiver(), rebalance_interval / second);
    }
}

}  // namespace nicteam::team
