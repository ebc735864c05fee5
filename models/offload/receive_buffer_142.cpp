#include "nicteam/offload/receive_buffer_142.h"

#include <algorithm>
#include <utility>

namespace nicteam::offload {

void receive_buffer_142::find_overrun() {
    if (setup_.octets == 0) {
        overrun_ = arriving_ && used_ ? overtaken() : never;
        return;
    }
    const std::uint32_t room = setup_.octets - used_;
    overrun_ = arriving_ && octets_.units() > room ? octets_.when(room) : never;
}

// Without the buffer 16b has a register of one frame, filled again behind the words that leave it.
ps receive_buffer_142::overtaken() const {
    if (!leaving_ || !queue_.empty()) return octets_.first();
    for (std::uint32_t word = 0; word < leaving_words_.units(); ++word) {
        const std::uint64_t octet = std::uint64_t{word} * setup_.word_octets;
        if (octet >= octets_.units()) break;
        if (octets_.when(octet) <= leaving_words_.when(word)) return octets_.when(octet);
    }
    return never;
}

void receive_buffer_142::begin(item_ref p, const span& octets, ps) {
    arriving_ = std::move(p);
    octets_ = octets;
    find_overrun();
}

void receive_buffer_142::replan(const span& octets) {
    octets_ = octets;
    if (arriving_) arriving_->octets = static_cast<std::uint32_t>(octets.units());
    find_overrun();
}

std::uint32_t receive_buffer_142::level(ps at) const {
    return used_ + (arriving_ ? static_cast<std::uint32_t>(octets_.passed_by(at)) : 0u);
}

void receive_buffer_142::end(bool good, ps at) {
    if (overrun_ <= at) advance(at);       // its last octet found no room
    if (!arriving_) return;
    item_ref p = std::move(arriving_);
    overrun_ = never;
    if (!good) return;
    used_ += p->octets;
    queue_.push_back({std::move(p), setup_.clock.after(at, setup_.crossing)});
    sink_->offers_changed(at);
}

ps receive_buffer_142::offered() const { return queue_.empty() ? never : std::max(queue_.front().whole, taken_); }

item_ref receive_buffer_142::take(ps at) {
    if (leaving_.last == at || overrun_ <= at) advance(at);      // the one before leaves with its last word at this edge
    item_ref p = std::move(queue_.front().packet);
    queue_.pop_front();
    taken_ = at;
    plan_words(p->words, setup_.clock, at, p->octets, setup_.word_octets);
    leaving_ = under_way(*p);
    if (setup_.octets == 0) {
        leaving_words_ = p->words;
        find_overrun();
    }
    return p;
}

ps receive_buffer_142::next() const { return std::min(overrun_, leaving_.last); }

void receive_buffer_142::advance(ps at) {
    if (overrun_ <= at) {                  // before what leaves at the same instant is free
        item_ref p = std::move(arriving_);
        overrun_ = never;
        dropped_(*p, at);
    }
    if (leaving_.last == at) {
        used_ -= leaving_.octets;
        leaving_ = {};
        if (overrun_ > at) find_overrun();
    }
}

}  // namespace nicteam::offload
