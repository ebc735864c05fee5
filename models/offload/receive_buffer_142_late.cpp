// Cut-through of buffer 142: a frame is offered behind its first octets. docs/decisions/0122.
#include <algorithm>

#include "nicteam/offload/receive_buffer_142.h"
#include "offload/late_words.h"

namespace nicteam::offload {

ps receive_buffer_142::offered_early() const {
    if (!arriving_ || passes_ || arriving_->past_21a || octets_.units() <= setup_.cut_through) return never;
    return seen(octets_.when(setup_.cut_through - 1));
}

item_ref receive_buffer_142::take_early(ps at) {
    passes_ = true;
    taken_early_ = at;
    arriving_->words.clear();
    arriving_->words.append({setup_.clock.after(at), 0, 1});
    arriving_->words.append({stalled, 0, 1});
    to_130_.leaving = under_way(*arriving_);
    return arriving_;
}

// Its end has been judged: it is good.
void receive_buffer_142::finish_late(item& p, ps at) {
    passes_ = false;
    plan_late_words(p.words, setup_.clock, taken_early_, octets_, setup_.word_octets, setup_.clock.after(at, setup_.crossing + 1), setup_.crossing);
    to_130_.leaving = under_way(p);
    to_130_.sink->replans(p);
    if (ended_late_) ended_late_(p, never);
}

// It is bad, or has found no room. Whoever sees it offered, or has taken it, sees that `crossing` edges later.
void receive_buffer_142::give_up(const item_ref& p, ps early, ps at) {
    const ps gone = setup_.clock.after(at, setup_.crossing + 1);
    if (passes_) {
        passes_ = false;
        p->bad = true;
        abort_words(p->words, setup_.clock.after(taken_early_), gone);
        to_130_.leaving = {};
        to_130_.leaving.last = gone;
        to_130_.sink->aborts(*p, gone);
        if (ended_late_) ended_late_(*p, gone);
    } else if (early < seen(at)) {
        p->bad = true;
        to_130_.queue.push_back({p, early, at, gone, {}});
        gone_ = std::min(gone_, gone);
    }
}

void receive_buffer_142::forget_gone(ps at) {
    gone_ = never;
    for (auto w = to_130_.queue.begin(); w != to_130_.queue.end();) {
        if (w->gone <= at) {
            w = to_130_.queue.erase(w);
            continue;
        }
        gone_ = std::min(gone_, w->gone);
        ++w;
    }
}

}  // namespace nicteam::offload
