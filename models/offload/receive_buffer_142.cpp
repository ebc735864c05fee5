#include "nicteam/offload/receive_buffer_142.h"

#include <algorithm>
#include <utility>

namespace nicteam::offload {

void receive_buffer_142::find_overrun() {
    overrun_ = never;
    if (!arriving_) return;
    if (setup_.octets == 0) {
        if (to_130_.used) overrun_ = overtaken();
        return;
    }
    std::uint32_t room = setup_.octets - to_130_.used - past_21a_.used;
    if (!arriving_->past_21a) room = std::min(room, setup_.octets - setup_.kept - to_130_.used);
    if (octets_.units() <= room) return;
    const std::uint64_t known = setup_.sorts ? std::min<std::uint64_t>(head, octets_.units()) - 1 : 0;      // until then its head waits in 16b
    overrun_ = octets_.when(std::max<std::uint64_t>(room, known));
}

// Without the buffer 16b has a register of one frame, filled again behind the words that leave it.
ps receive_buffer_142::overtaken() const {
    if (!to_130_.leaving || !to_130_.queue.empty()) return octets_.first();
    for (std::uint32_t word = 0; word < leaving_words_.units(); ++word) {
        const std::uint64_t octet = std::uint64_t{word} * (setup_.link ? setup_.link->word_octets : setup_.word_octets);
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
    return to_130_.used + past_21a_.used + (arriving_ ? static_cast<std::uint32_t>(octets_.passed_by(at)) : 0u);
}

ps receive_buffer_142::reaches(std::uint32_t octets) const {
    const std::uint32_t whole = to_130_.used + past_21a_.used;
    if (whole >= octets) return 0;
    return arriving_ ? octets_.when(octets - whole - 1) : never;
}

void receive_buffer_142::end(bool good, ps at) {
    if (overrun_ <= at) advance(at);       // its last octet found no room
    if (!arriving_) return;
    item_ref p = std::move(arriving_);
    overrun_ = never;
    if (!good) return;
    output& o = way_of(*p);
    o.used += p->octets;
    o.queue.push_back({std::move(p), setup_.clock.after(at, setup_.crossing)});
    o.sink->offers_changed(at);
}

ps receive_buffer_142::output::offered() const { return queue.empty() ? never : std::max(queue.front().whole, taken); }

item_ref receive_buffer_142::output::take(ps at) {
    if (leaving.last == at || buffer.overrun_ <= at) buffer.advance(at);      // the one before leaves with its last word at this edge
    item_ref p = std::move(queue.front().packet);
    queue.pop_front();
    taken = at;
    plan_words(p->words, buffer.setup_.clock, at, p->octets, buffer.setup_.word_octets, link);
    leaving = under_way(*p);
    if (buffer.setup_.octets == 0) {
        buffer.leaving_words_ = p->words;
        buffer.find_overrun();
    }
    return p;
}

ps receive_buffer_142::next() const { return std::min({overrun_, to_130_.leaving.last, past_21a_.leaving.last}); }

void receive_buffer_142::advance(ps at) {
    if (overrun_ <= at) {                  // before what leaves at the same instant is free
        item_ref p = std::move(arriving_);
        overrun_ = never;
        dropped_(*p, at);
    }
    for (output* o : {&to_130_, &past_21a_}) {
        if (o->leaving.last != at) continue;
        o->used -= o->leaving.octets;
        o->leaving = {};
        if (overrun_ > at) find_overrun();
    }
}

}  // namespace nicteam::offload
