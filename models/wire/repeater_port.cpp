#include "wire/repeater_port.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/wire/pause.h"
#include "wire/collision_domain.h"

namespace nicteam::wire {

repeater_port::repeater_port(sc_core::sc_module_name name, repeater& r, unsigned number)
    : sc_module(name), repeater_(r), number_(number), agenda_("agenda", *this, timers) {}

void repeater_port::plug(wire_source& s) {
    if (line_) throw std::logic_error(std::string(name()) + ": a second cable is plugged in");
    line_ = &s;
}

phy_setting repeater_port::phy() const {
    return {phy_setting::role::negotiates, static_cast<std::uint16_t>(repeater_.domain_ ? half_10 | half_100 : every_mode)};
}

// ---------------------------------------------------------------- in

void repeater_port::begin(const frame_ref& f, const span& octets) {
    in_ = repeater_.take();
    in_->shown = in_->arrived = f;
    in_->plan = octets;
    in_->from = number_;
    in_->missing = missing_preamble(*f);
    repeater_.frames_.add();
    if (repeater_.domain_) return repeater_.domain_->begin(number_, f, octets);
    if (in_->control = is_mac_control(f->data); in_->control) return repeater_.control_.add();       // for this end of the link and no other (IEEE 802.1D 7.12.6)
    const bool copies = f->id && repeater_.attached() > 2;
    for (auto& p : repeater_.ports_) {
        if (p.get() == this || !p->line_) continue;
        p->offer(in_, copies ? repeater_.copy_of(*f) : in_->missing ? with_whole_preamble(*f) : ref<frame>());
    }
}

void repeater_port::far_end_waits(ps since) {
    if (repeater_.domain_) repeater_.domain_->waits(number_, since);
}

void repeater_port::replan(const span& octets) {
    if (!in_) return;
    if (repeater_.domain_) return repeater_.domain_->replan(number_, octets);
    in_->plan = octets;
    for (auto& p : repeater_.ports_)
        if (p->sending_ && p->current_.frame.get() == in_.get()) p->input_replanned(*in_);
}

void repeater_port::end(const frame_ref& arrived, wire_end quality) {
    if (!in_) return;
    repeater_.octets_.add(arrived->data.size());
    in_->arrived = arrived;
    in_->quality = quality;
    in_->ended = true;
    const ps now = sim::now();
    if (repeater_.domain_) {
        repeater_.domain_->end(number_, arrived, quality);
        in_ = {};
        return;
    }
    if (in_->control) repeater_.station_.ended(arrived->id, repeater_outcomes[o_control], now);
    else if (repeater_.attached() < 2) repeater_.station_.ended(arrived->id, repeater_outcomes[o_no_other_port], now);
    else if (repeater_.attached() > 2) repeater_.station_.ended(arrived->id, repeater_outcomes[o_repeated], now);
    in_ = {};
}

// ---------------------------------------------------------------- out

void repeater_port::offer(const ref<repeated>& f, const ref<frame>& own) {
    entry e{f, own};
    if (waiting_.size() >= static_cast<std::size_t>(repeater_.config_.queue)) {
        repeater_.full_.add();
        repeater_.station_.ended(own ? own->id : f->shown->id, repeater_outcomes[o_full], sim::now());
        return;
    }
    auto later = [this](const entry& a, const entry& b) { return std::pair(ready(a), a.frame->from) < std::pair(ready(b), b.frame->from); };
    waiting_.insert(std::upper_bound(waiting_.begin(), waiting_.end(), e, later), std::move(e));
    if (!sending_) plan_next();
}

void repeater_port::claim(const sim::station::claim& c) const {
    const auto tell = [&](const entry& e) {
        c(e.own ? e.own->id : e.frame->arrived->id);
        c(e.frame->shown->id);
    };
    for (const entry& e : waiting_) tell(e);
    if (sending_) tell(current_);
}

// `latency` is above 0: whatever is ready by now has been offered before now, in any order.
void repeater_port::plan_next() { agenda_.set(0, waiting_.empty() ? never : std::max({ready(waiting_.front()), free_at_, sim::now()})); }

void repeater_port::due(unsigned slot, ps at) {
    if (slot == domain_timer) return repeater_.domain_->due(at);
    if (sending_) finish(at);
    else send(at);
}

void repeater_port::send(ps at) {
    current_ = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    const repeated& f = *current_.frame;
    if (f.plan.empty()) {   // cut before its first octet while it waited
        repeater_.station_.ended(current_.own ? current_.own->id : f.arrived->id, repeater_outcomes[o_cut], at);
        current_ = {};
        plan_next();
        return;
    }
    shift_ = at - f.plan.first();
    if (at > ready(current_)) repeater_.waited_.add();
    plan_out(f);
    sending_ = true;
    line_->begin(current_.own ? frame_ref(current_.own) : f.shown, out_);
    agenda_.set(0, out_.last());
}

void repeater_port::plan_out(const repeated& f) {
    regenerate_plan(out_, f.plan, shift_, f.missing, f.missing ? octets_time(1, line_->bits_per_second()) : 0);
}

void repeater_port::input_replanned(const repeated& f) {
    plan_out(f);
    line_->replan(out_);
    agenda_.set(0, out_.empty() ? sim::now() : std::max(out_.last(), sim::now()));
}

void repeater_port::finish(ps at) {
    const repeated& f = *current_.frame;
    if (!f.ended) {         // the sender's end comes at its last octet's edge, before ours
        agenda_.set(0, at + octets_time(1, line_->bits_per_second()));
        return;
    }
    frame_ref sent = f.arrived;
    if (current_.own) {
        if (f.arrived.get() == f.shown.get()) sent = current_.own;
        else {
            ref<frame> changed = frame::make();
            changed->data = f.arrived->data;
            changed->fcs_known = f.arrived->fcs_known;
            changed->id = current_.own->id;
            changed->parent = current_.own->parent;
            changed->preamble_octets = current_.own->preamble_octets;
            sent = changed;
        }
    }
    sending_ = false;
    free_at_ = at + octets_time(1 + gap_bits / 8, line_->bits_per_second());
    const wire_end quality = f.quality;
    current_ = {};
    line_->end(sent, quality);
    plan_next();
}

}  // namespace nicteam::wire
