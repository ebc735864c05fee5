#include "nicteam/offload/transmit_fifo_output.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nicteam::offload {

void transmit_fifo_output::add(item_ref p, ps at) {
    const ps whole = setup_.clock.after(at, setup_.crossing);
    auto behind = queue_.end();
    while (behind != queue_.begin() && std::prev(behind)->made && std::prev(behind)->whole == whole) --behind;
    queue_.insert(behind, {std::move(p), whole});
    sink_->offers_changed(at);
}

void transmit_fifo_output::add_made(item_ref p, ps at) {
    queue_.push_back({std::move(p), setup_.clock.after(at, setup_.crossing), true});
    made_waits_ = true;
    sink_->offers_changed(at);
}

ps transmit_fifo_output::offered() const { return queue_.empty() ? never : std::max(queue_.front().whole, taken_); }

item_ref transmit_fifo_output::take(ps at) {
    if (leaving_.last == at) advance(at);                // the one before leaves with its last word at this edge
    item_ref p = std::move(queue_.front().packet);
    made_leaves_ = queue_.front().made;
    queue_.pop_front();
    if (made_leaves_) {
        made_waits_ = false;
        if (made_taken_) made_taken_(at);
    }
    taken_ = at;
    plan_words(p->words, setup_.clock, at, p->octets, setup_.word_octets);
    leaving_ = under_way(*p);
    return p;
}

void transmit_fifo_output::advance(ps at) {
    leaving_ = {};
    if (!made_leaves_) left_(at);
}

}  // namespace nicteam::offload
