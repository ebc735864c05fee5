#include "nicteam/offload/receive_buffer_142.h"

#include <algorithm>
#include <utility>

#include "offload/late_words.h"

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

void receive_buffer_142::begin(item_ref p, const span& octets, ps at) {
    arriving_ = std::move(p);
    octets_ = octets;
    find_overrun();
    if (setup_.cut_through) to_130_.sink->offers_changed(at);
}

void receive_buffer_142::replan(const span& octets, ps at) {
    octets_ = octets;
    if (arriving_) arriving_->octets = static_cast<std::uint32_t>(octets.units());
    find_overrun();
    if (setup_.cut_through) to_130_.sink->offers_changed(at);
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
    const ps early = setup_.cut_through ? offered_early() : never;
    item_ref p = std::move(arriving_);
    overrun_ = never;
    if (!good) return give_up(p, early, at);
    output& o = way_of(*p);
    o.used += p->octets;
    if (passes_) return finish_late(*p, at);
    if (early == never) o.queue.push_back({std::move(p), seen(at)});
    else o.queue.push_back({std::move(p), early, at, never, octets_});
    o.sink->offers_changed(at);
}

ps receive_buffer_142::output::offered() const {
    if (!queue.empty()) return std::max(queue.front().whole, taken);
    const ps early = buffer.setup_.cut_through && this == &buffer.to_130_ ? buffer.offered_early() : never;
    return early == never ? never : std::max(early, taken);
}

bool receive_buffer_142::output::ready(ps at) const {
    if (buffer.gone_ <= at) buffer.forget_gone(at);
    return offered() < at;
}

item_ref receive_buffer_142::output::take(ps at) {
    if (leaving.last == at || buffer.overrun_ <= at) buffer.advance(at);      // the one before leaves with its last word at this edge
    taken = at;
    if (queue.empty()) return buffer.take_early(at);
    const waiting w = std::move(queue.front());
    const item_ref& p = w.packet;
    queue.pop_front();
    const setup& s = buffer.setup_;
    if (w.ended == never) plan_words(p->words, s.clock, at, p->octets, s.word_octets, link);
    else if (p->bad) abort_words(p->words, s.clock.after(at), w.gone);
    else plan_late_words(p->words, s.clock, at, w.octets, s.word_octets, s.clock.after(w.ended, s.crossing + 1), s.crossing);
    leaving = p->bad ? under_way() : under_way(*p);
    if (p->bad) leaving.last = w.gone;
    if (buffer.setup_.octets == 0) {
        buffer.leaving_words_ = p->words;
        buffer.find_overrun();
    }
    return p;
}

ps receive_buffer_142::next() const { return std::min({overrun_, to_130_.leaving.next(), past_21a_.leaving.next(), gone_}); }

void receive_buffer_142::advance(ps at) {
    if (overrun_ <= at) {                  // before what leaves at the same instant is free
        const ps early = setup_.cut_through ? offered_early() : never;
        item_ref p = std::move(arriving_);
        overrun_ = never;
        dropped_(*p, at);
        give_up(p, early, at);
    }
    if (gone_ <= at) forget_gone(at);
    for (output* o : {&to_130_, &past_21a_}) {
        if (o->leaving.last != at) continue;
        o->used -= o->leaving.octets;
        o->leaving = {};
        if (overrun_ > at) find_overrun();
    }
}

}  // namespace nicteam::offload
