#include "nicteam/offload/transmitter_ip_logic_22a.h"

#include <algorithm>
#include <utility>

namespace nicteam::offload {

void transmitter_ip_logic_22a::plan() {
    next_ = leaving_.last;
    switch (state_) {
        case state::idle:
            if (source_->offered() != never) next_ = std::min(next_, std::max(setup_.clock.after(source_->offered()), input_free_));
            break;
        case state::receiving: next_ = std::min(next_, in_->words.last()); break;
        default: next_ = std::min(next_, done_);
    }
}

// Its output passes one packet at a time, and an edge does not see what left at it.
void transmitter_ip_logic_22a::offer(ps at) {
    if (out_ || leaving_ || output_left_ == at) {
        state_ = state::waits_for_21a;
        done_ = output_left_ == at ? setup_.clock.after(at) : never;
        return;
    }
    packaged_(*in_, at);
    out_ = std::move(in_);
    in_ = {};
    offered_ = at;
    state_ = state::idle;
    input_free_ = at;
    sink_->offers_changed(at);
}

void transmitter_ip_logic_22a::advance(ps at) {
    if (leaving_.last == at) {
        leaving_ = {};
        output_left_ = at;
        if (state_ == state::waits_for_21a) done_ = setup_.clock.after(at);
    }
    if (state_ == state::receiving && in_->words.last() == at) {
        state_ = state::working;
        done_ = at + setup_.clock.period() * static_cast<ps>(setup_.clocks);
    }
    if ((state_ == state::working || state_ == state::waits_for_21a) && done_ <= at) offer(at);
    if (state_ == state::idle && source_->ready(at) && input_free_ <= at) {
        in_ = source_->take(at);
        state_ = state::receiving;
    }
    plan();
}

item_ref transmitter_ip_logic_22a::take(ps at) {
    item_ref p = std::move(out_);
    out_ = {};
    plan_words(p->words, setup_.clock, at, p->octets, setup_.word_octets, setup_.link);
    leaving_ = under_way(*p);
    plan();
    return p;
}

}  // namespace nicteam::offload
