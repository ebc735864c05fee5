#include "nicteam/offload/ipsec_logic_21a.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace nicteam::offload {

ipsec_logic_21a::ipsec_logic_21a(const setup& s, visit v)
    : setup_(s), visit_(std::move(v)), own_(s.clock, s.engines), engines_(s.shared ? *s.shared : own_) {
    if (s.places == 0 || s.word_octets == 0) throw std::invalid_argument("IPsec logic 21a: needs a place and a word");
}

void ipsec_logic_21a::offers_changed(ps at) {
    changed_ = at;
    for (input& i : inputs_)
        if (i.not_before == never) i.not_before = setup_.clock.after(at);
    plan();
}

ps ipsec_logic_21a::may_take(const input& i) const {
    if (inside_.size() == setup_.places) return never;
    const ps offered = i.source->offered();
    if (offered == never) return never;
    return std::max({setup_.clock.after(std::max(offered, full_until_)), i.free, i.not_before});
}

void ipsec_logic_21a::plan() {
    next_ = stalled;
    for (const input& i : inputs_) next_ = std::min(next_, may_take(i));
    bool first = true;
    ps turn = 0;                          // nobody is worked on before those in front of it
    for (const place& p : inside_) {
        if (p.left != never) {
            next_ = std::min(next_, p.left);
            continue;
        }
        if (p.done == never) next_ = std::min(next_, p.packet->bad ? p.whole : turn = std::max(turn, due(p)));
        else if (first && offered_ == never) next_ = std::min(next_, std::max(p.done, output_taken_));
        first = false;
    }
    if (next_ == stalled) next_ = never;
}

void ipsec_logic_21a::work_on(place& p, ps at) {
    security_work w;
    if (p.looked_up) w.engines = std::move(p.work);
    else w = visit_(*p.packet, at);
    if (w.waits) {
        p.looked_up = true;
        p.turn = never;
        p.work = std::move(w.engines);
        return;
    }
    const engine_pool::times t = engines_.run(w.engines, at + setup_.clock.period() * static_cast<ps>(w.lookup));
    p.done = t.done;
    if (observer_) observer_->worked(*p.packet, t.started, t.done);
}

item* ipsec_logic_21a::waiting() const {
    for (const place& p : inside_)
        if (p.done == never && p.looked_up) return p.packet.get();
    return nullptr;
}

void ipsec_logic_21a::go_on(ps edge, bool given_up) {
    for (place& p : inside_) {
        if (p.done != never || !p.looked_up) continue;
        p.turn = edge;
        if (given_up) p.work.clear();
        return plan();
    }
}

void ipsec_logic_21a::offer_next(ps at) {
    for (const place& p : inside_) {
        if (p.left != never) continue;
        if (std::max(p.done, output_taken_) <= at) {
            offered_ = at;
            sink_->offers_changed(at);
        }
        return;
    }
}

// The input that takes next at this edge, if one can.
ipsec_logic_21a::input* ipsec_logic_21a::chosen(ps at) {
    input* one = nullptr;
    for (input& i : inputs_) {
        if (may_take(i) > at) continue;
        if (free(at) == 0) i.not_before = setup_.clock.after(at);      // a place came free at this very edge
        else if (!i.source->ready(at)) {
            if (may_take(i) <= at) i.not_before = changed_ == at || left_ == at ? setup_.clock.after(at) : never;      // else a bad one has been withdrawn
        }
        else if (!one) one = &i;
        else return &inputs_[static_cast<unsigned>(policy_->choose(last_))];
    }
    return one;
}

void ipsec_logic_21a::take(input& i, ps at) {
    place p;
    p.packet = i.source->take(at);
    p.whole = i.free = p.packet->words.last();
    late_ = late_ || p.whole == stalled || p.packet->bad;
    last_ = &i == &inputs_[0] ? multiplexer_input::feedforward_130 : multiplexer_input::feedback_122;
    auto behind = inside_.end();
    while (behind != inside_.begin() && std::prev(behind)->whole > p.whole) --behind;
    inside_.insert(behind, std::move(p));
}

void ipsec_logic_21a::take_next(ps at) {
    while (input* i = chosen(at)) take(*i, at);
}

// A place, of those inside.
void ipsec_logic_21a::comes_free(ps at) {
    if (inside_.size() == setup_.places) full_until_ = at;
    leave_ = left_ == at ? leave_ + 1 : 1;
    left_ = at;
    for (input& i : inputs_)
        if (i.not_before == never) i.not_before = setup_.clock.after(at);
}

void ipsec_logic_21a::drop_aborted(ps at) {
    const auto bad = std::find_if(inside_.begin(), inside_.end(), [at](const place& p) { return p.whole == at && p.packet && p.packet->bad; });
    comes_free(at);
    inside_.erase(bad);
    late_ = false;
}

// Only one input has a late source.
void ipsec_logic_21a::late_ends(const item& i, ps last) {
    for (place& p : inside_)
        if (p.packet.get() == &i) p.whole = last;
    for (input& n : inputs_)
        if (n.free == stalled) n.free = last;
    late_ = i.bad;
    plan();
}

void ipsec_logic_21a::replans(const item& i) { late_ends(i, i.words.last()); }
void ipsec_logic_21a::aborts(const item& i, ps passes) { late_ends(i, passes); }

void ipsec_logic_21a::advance(ps at) {
    if (!inside_.empty() && inside_.front().left == at) {
        comes_free(at);
        inside_.pop_front();
    }
    bool aborted = false;
    ps turn = 0;
    for (place& p : inside_) {
        if (p.done != never) continue;
        if (p.packet->bad) {
            aborted = aborted || p.whole == at;
            continue;
        }
        turn = std::max(turn, due(p));
        if (turn > at) continue;
        work_on(p, at);
        turn = std::max(turn, due(p));
    }
    if (aborted) drop_aborted(at);
    if (offered_ == never) offer_next(at);
    take_next(at);
    plan();
}

void ipsec_logic_21a::begins(ps at) {
    for (input& i : inputs_) i.not_before = setup_.clock.after(at);
    plan();
}

void ipsec_logic_21a::forget_received(ps at) {
    const bool full = inside_.size() == setup_.places, offers = next_out() && next_out()->came_in;
    for (auto p = inside_.begin(); p != inside_.end();) {
        if (!p->packet || !p->packet->came_in) {
            ++p;
            continue;
        }
        if (p->whole > at)
            for (input& i : inputs_)
                if (i.free == p->whole) i.free = setup_.clock.after(at);
        p = inside_.erase(p);
        left_ = at;
        leave_ = 1;
        output_taken_ = std::max(output_taken_, setup_.clock.after(at));
        if (full) full_until_ = at;
    }
    if (offers) offered_ = never;
    offers_changed(at);
}

item_ref ipsec_logic_21a::take(ps at) {
    for (place& p : inside_) {
        if (p.left != never) continue;
        item_ref out = std::move(p.packet);
        plan_words(out->words, setup_.clock, at, out->octets, setup_.word_octets, setup_.link);
        p.left = out->words.last();
        offered_ = never;
        output_taken_ = at;
        plan();
        return out;
    }
    throw std::logic_error("IPsec logic 21a: nothing was offered");
}

}  // namespace nicteam::offload
