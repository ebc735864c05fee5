// The far end of one direction: what arrives, whole, damaged or cut.
#include <algorithm>

#include "nicteam/packet/fcs.h"
#include "wire/cable_direction.h"

namespace nicteam::wire {

void cable_direction::damage(passage& p) {
    p.errors_seen = errors_.changes();
    if (errors_.clean() && p.arrived.get() == p.sent.get()) return;
    errors_.draw(random_stream(sim::session::current().seed() ^ p.serial, name(), "bit_errors"), p.plan, p.sent->preamble_octets, bad_bits_);
    const std::uint64_t bits = 8 * p.sent->data.size();
    while (!bad_bits_.empty() && bad_bits_.back() >= bits) bad_bits_.pop_back();
    ref<frame> wrong;
    if (!bad_bits_.empty()) {
        packet::ensure_fcs(*p.sent);
        wrong = frame::make();
        wrong->data = p.sent->data;
        for (const std::uint64_t b : bad_bits_) wrong->data[b / 8] ^= static_cast<std::uint8_t>(1u << b % 8);
        if (p.arrived.get() != p.sent.get() && p.arrived->data == wrong->data) return;   // as already shown
    }
    if (!wrong) {
        p.arrived = p.sent;
        return;
    }
    wrong->id = p.sent->id;               // the same packet, with other octets
    wrong->parent = p.sent->parent;
    wrong->preamble_octets = p.sent->preamble_octets;
    p.arrived = wrong;
}

void cable_direction::lose(passage* p, fate why, ps at) {
    static constexpr cable_metric metric[] = {m_lost, m_lost_link_down, m_lost_oversize, m_lost_queue};
    count(metric[static_cast<unsigned>(why)]).add();
    if (p->quality == wire_end::collided) why = fate::fragment;
    station_.ended(p->arrived->id, cable_outcomes[static_cast<unsigned>(why)], at);
    release(p);
}

void cable_direction::set_errors(bool on, std::int64_t ratio, ps at) {
    if (on) error_faults_.insert(ratio);
    else if (const auto over = error_faults_.find(ratio); over != error_faults_.end()) error_faults_.erase(over);
    errors_.change(at, error_faults_.empty() ? impairment_.bit_error_ratio : *error_faults_.rbegin());
}

wire_end cable_direction::far_quality(const passage& p) {
    if (is_part(p.quality) || p.arrived.get() == p.sent.get()) return p.quality;
    return packet::check_fcs(*p.arrived) ? wire_end::good : wire_end::bad_fcs;   // enough wrong bits can look right
}

void cable_direction::push(ps at, step what, passage* p) {
    if (queue_.empty() && at <= sim::now()) {
        deliver({at, what, p});
        return;
    }
    if (!queue_.empty()) at = std::max(at, queue_.back().at);
    queue_.push({at, what, p});
    arm();
}

void cable_direction::deliver(const delivery& d) {
    passage* p = d.frame;
    switch (d.what) {
        case step::begin:
            if (p->waits) --waiting_;
            p->waits = false;
            receiving_ = p;
            // What it began with has its octets; a jam that outlasts them shows in the plan.
            to_->begin(p->begun && p->begun->data.size() < p->arrived->data.size() ? p->begun : p->arrived, p->far_plan);
            break;
        case step::replan: to_->replan(p->far_plan); break;
        case step::end: finish_at_far_end(p); break;
    }
}

void cable_direction::finish_at_far_end(passage* p) {
    receiving_ = nullptr;
    const wire_end quality = far_quality(*p);
    const bool wrong = p->arrived.get() != p->sent.get();
    count(is_part(quality) ? m_cut : m_arrived).add();
    if (wrong) count(m_damaged).add();
    const char* comment = wrong ? "damaged on the wire" : quality == wire_end::cut ? "cut short by the sender" : quality == wire_end::collided ? "collision" : nullptr;
    hand_over(*p, p->arrived, quality, comment);
    release(p);
}

void cable_direction::hand_over(const passage& p, const frame_ref& f, wire_end quality, const char* comment) {
    if (f->id) station_.passed(f->id, cable_stages[s_wire_end], p.far_plan.empty() ? sim::now() : p.far_plan.last());
    if (capture_.on() && !f->data.empty()) capture_.take(f, p.far_plan.when(f->preamble_octets), direction_, comment);
    to_->end(f, quality);
}

// The octets later than `at` never arrive. A frame whose last octet has passed by then is whole.
void cable_direction::cut_far_end(ps at) {
    passage* p = receiving_;
    if (!p || p->far_plan.last() <= at) return;
    receiving_ = nullptr;
    p->far_plan.cut(at);
    to_->replan(p->far_plan);
    const std::uint64_t preamble = p->arrived->preamble_octets, there = p->far_plan.units() > preamble ? p->far_plan.units() - preamble : 0;
    ref<frame> part = frame::make();
    if (there > p->arrived->data.size() - std::min<std::size_t>(p->arrived->data.size(), packet::fcs_octets)) packet::ensure_fcs(*p->arrived);
    part->data.assign(p->arrived->data.begin(),
                      p->arrived->data.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(there, p->arrived->data.size())));
    part->id = p->arrived->id;
    part->parent = p->arrived->parent;
    part->preamble_octets = p->arrived->preamble_octets;
    count(m_cut).add();
    hand_over(*p, part, wire_end::cut, "cut: link down");
    if (p == sending_) p->doomed = true;
    else release(p);
}

void cable_direction::set_link(bool up, ps at) {
    deliver_due(at);   // what arrives at this very instant arrives, whoever runs first
    up_ = up;
    if (up) {
        if (sending_ && !sending_->launched && sending_->plan.first() >= at) launch(sending_, at);
        return;
    }
    down_at_ = at;
    passage* const whole = receiving_ && receiving_->far_plan.last() <= at ? receiving_ : nullptr;
    cut_far_end(at);
    for (; !queue_.empty(); queue_.pop()) {
        passage* p = queue_.front().frame;
        if (queue_.front().what != step::begin || p == whole) continue;   // the rest of these is of frames cut above
        if (p == sending_) {
            p->placed = p->launched = p->waits = false;
            p->lost = true;
        } else {
            lose(p, fate::link_down, at);
        }
    }
    for (const held_frame& h : held_) lose(h.frame, fate::link_down, at);
    held_.clear();
    if (sending_ && sending_->launched && !sending_->placed && !sending_->doomed) {
        sending_->lost = true;   // to be held back, or lost for another reason
        if (sending_->held) sending_->launched = sending_->held = sending_->twice = false;
    }
    waiting_ = 0;
    natural_late_ = false;
    natural_last_ = inserted_until_ = INT64_MIN;
    arm();
}

void cable_direction::deliver_due(ps by) {
    while (!queue_.empty() && queue_.front().at <= by) {
        const delivery d = queue_.front();
        queue_.pop();
        deliver(d);
    }
}

void cable_direction::arm() {
    ps next = queue_.empty() ? never : queue_.front().at;
    if (!(sending_ && sending_->placed))
        for (const held_frame& h : held_) next = std::min(next, h.release);
    if (next == armed_) return;
    event_.cancel();
    armed_ = next;
    if (next != never) event_.notify(sim::to_sc_time(std::max<ps>(next - sim::now(), 0)));
}

void cable_direction::fire() {
    const ps now = sim::now();
    armed_ = never;
    deliver_due(now);
    insert_ready(now);
    arm();
}

}  // namespace nicteam::wire
