#include "nicteam/offload/feedback_buffer_140.h"

#include <stdexcept>
#include <utility>

namespace nicteam::offload {

void feedback_buffer_140::put(item_ref p, ps at) {
    if (!room(at)) throw std::logic_error("feedback buffer 140: no room");
    if (waiting_.empty()) offered_ = at;
    waiting_.push_back(std::move(p));
    put_ = at;
    sink_->offers_changed(at);
}

item_ref feedback_buffer_140::take(ps at) {
    if (leaving_.last == at) advance(at);      // the one before leaves with its last word at this edge
    item_ref p = std::move(waiting_.front());
    waiting_.pop_front();
    offered_ = at;
    plan_words(p->words, clock_, at, p->octets, word_octets_, link_);
    leaving_ = under_way(*p);
    return p;
}

void feedback_buffer_140::advance(ps at) {
    leaving_ = {};
    left_ = at;
    behind_->offers_changed(at);
    sink_->offers_changed(at);                 // the bubble rule may let input 130 through now
}

}  // namespace nicteam::offload
