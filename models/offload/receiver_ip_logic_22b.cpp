#include "nicteam/offload/receiver_ip_logic_22b.h"

#include <algorithm>
#include <utility>

namespace nicteam::offload {

void receiver_ip_logic_22b::offers_changed(ps at) {
    changed_ = at;
    if (state_ == state::waits_for_140 && settles_ == never) settles_ = setup_.clock.after(at);
    plan();
}

void receiver_ip_logic_22b::plan() {
    next_ = leaving_.next();
    switch (state_) {
        case state::idle:
            for (unsigned n = 0; n < inputs; ++n)
                if (listens(n) && sources_[n]->offered() != never) next_ = std::min(next_, std::max(setup_.clock.after(sources_[n]->offered()), input_free_));
            break;
        case state::receiving: next_ = std::min(next_, in_->words.last()); break;
        default: next_ = std::min(next_, settles_);
    }
}

// `seen_later`: what it waits for has come at this very edge.
void receiver_ip_logic_22b::wait(state s, bool seen_later, ps at) {
    state_ = s;
    settles_ = seen_later ? setup_.clock.after(at) : never;
}

void receiver_ip_logic_22b::settle(ps at) {
    if (!in_) {                                  // its datagram passes back: without buffer 140 it is here until its last word
        if (!back_->room(at)) return wait(state::waits_for_140, changed_ == at, at);
    } else if (work_.next == next_stop::feed_back) {
        if (!back_->room(at)) {
            if (setup_.when_full == feedback_full::hold_off) return wait(state::waits_for_140, changed_ == at, at);
            dropped_(*in_, at);
            in_ = {};
        } else {
            if (observer_) observer_(*in_, at, work_.next);
            back_->put(std::move(in_), at);
            ++in_loop_;
            if (back_->holds_off()) return wait(state::waits_for_140, false, at);
        }
    } else if (work_.next == next_stop::deliver) {
        if (out_ || leaving_ || output_left_ == at) return wait(state::waits_for_output, output_left_ == at, at);
        if (observer_) observer_(*in_, at, work_.next);
        out_ = std::move(in_);
        offered_ = at;
        sink_->offers_changed(at);
    }
    if (in_ && observer_) observer_(*in_, at, work_.next);
    in_ = {};
    state_ = state::idle;
    input_free_ = at;
}

stream_source* receiver_ip_logic_22b::chosen(ps at) {
    for (unsigned k = 1; k <= inputs; ++k)
        if (const unsigned n = (last_ + k) % inputs; listens(n) && sources_[n]->ready(at)) return sources_[last_ = n];
    return nullptr;
}

void receiver_ip_logic_22b::advance(ps at) {
    if (leaving_.last == at) {
        leaving_ = {};
        output_left_ = at;
        if (state_ == state::waits_for_output) settles_ = setup_.clock.after(at);
    }
    if (state_ == state::receiving && in_->words.last() == at) {
        work_ = visit_(*in_, at);
        state_ = state::working;
        settles_ = at + setup_.clock.period() * static_cast<ps>(work_.clocks);
    }
    if (state_ != state::idle && state_ != state::receiving && settles_ <= at) settle(at);
    if (state_ == state::idle && input_free_ <= at)
        if (stream_source* s = chosen(at)) {
            in_ = s->take(at);
            if (last_ == returned) --in_loop_;
            state_ = state::receiving;
        }
    plan();
}

void receiver_ip_logic_22b::replan(ps last_word) {
    leaving_.last = last_word;
    plan();
}

item_ref receiver_ip_logic_22b::take(ps at) {
    item_ref p = std::move(out_);
    plan_words(p->words, setup_.clock, at, p->octets, setup_.word_octets);
    leaving_ = under_way(*p);
    plan();
    return p;
}

}  // namespace nicteam::offload
