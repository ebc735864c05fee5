#include "wire/switch/switch_port.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/wire/pause.h"
#include "wire/switch/switch_table.h"

namespace nicteam::wire {
namespace {

constexpr phy_setting on{phy_setting::role::negotiates, full_10 | full_100};        // no half duplex; PAUSE is not offered
constexpr phy_setting off{phy_setting::role::silent, full_10 | full_100};

// A switch sends a whole preamble, whatever came.
frame_ref as_sent(const frame_ref& f) {
    if (f->preamble_octets == preamble_octets) return f;
    ref<frame> same = frame::make();
    same->data = f->data;
    same->fcs_known = f->fcs_known;
    same->id = f->id;
    same->parent = f->parent;
    return same;
}

}  // namespace

switch_port::switch_port(sc_core::sc_module_name name, ethernet_switch& s, unsigned number)
    : sc_module(name), switch_(s), number_(number), capture_(sim::bind_capture(*this, switch_port_info.captures.rows[0])),
      depth_(sim::bind_level(*this, switch_port_metrics[p_queue])), residence_(sim::bind_histogram(*this, switch_port_metrics[p_residence])),
      depth_probe_(sim::bind_probe(*this, switch_port_info.probes.rows[0])), state_probe_(sim::bind_probe(*this, switch_port_info.probes.rows[1])) {
    for (unsigned m = 0; m < p_queue; ++m) counters_.push_back(&sim::bind_counter(*this, switch_port_metrics[m]));
    bind_path_fault(f_port_path_dead, true, true);
    bind_path_fault(f_port_path_dead_in, true, false);
    bind_path_fault(f_port_path_dead_out, false, true);
}

void switch_port::bind_path_fault(unsigned row, bool in, bool out) {
    sim::bind_fault(*this, switch_port_info.faults.rows[row], [this, in, out](bool begin, std::int64_t, ps at) { set_path_dead(begin, in, out, at); });
}

void switch_port::set_path_dead(bool begin, bool in, bool out, ps at) {
    switch_.agenda_.serve();            // what falls on this instant was decided before
    if (in && dead_in_.change(begin)) is_dead_in_ = begin;
    if (out && dead_out_.change(begin)) is_dead_out_ = begin;
    if (is_dead_out_) lose_waiting(p_tx_dead, switch_outcomes[o_path_dead], at);
    show_state(at);
}

void switch_port::plug(wire_source& s) {
    if (line_) throw std::logic_error(std::string(name()) + ": a second cable is plugged in");
    line_ = &s;
}

phy_setting switch_port::phy() const { return on; }

void switch_port::set_phy(bool powered, ps at) {
    if (line_) line_->set_phy(powered ? on : off, at);
}

void switch_port::show_state(ps at) {
    if (!state_probe_.watched()) return;
    const bool up = line_ && line_->link_up();
    state_probe_.change(at, !up                            ? state_down
                            : is_dead_in_ && is_dead_out_ ? state_path_dead
                            : is_dead_in_                 ? state_path_dead_in
                            : is_dead_out_                ? state_path_dead_out
                                                          : state_up);
}

// ---------------------------------------------------------------- in

void switch_port::begin(const frame_ref&, const span& octets) { in_ = octets; }
void switch_port::replan(const span& octets) { in_ = octets; }

void switch_port::end(const frame_ref& f, wire_end quality) {
    const ps now = sim::now();
    const std::size_t size = f->data.size();
    const auto drop = [&](switch_port_metric m, switch_outcome o) {
        count(m).add();
        if (capture_.on() && size) capture_.take(f, in_.when(f->preamble_octets), sim::direction::in, o == o_control ? nullptr : switch_outcomes[o].name);
        switch_.station_.ended(f->id, switch_outcomes[o], now);
    };
    if (is_part(quality)) return drop(p_rx_cut, o_cut);
    if (quality == wire_end::bad_fcs) return drop(p_rx_bad_fcs, o_bad_fcs);
    if (size < minimum_frame) return drop(p_rx_short, o_short);
    if (size > static_cast<std::size_t>(switch_.config_.max_frame)) return drop(p_rx_long, o_long);
    if (is_mac_control(f->data)) return drop(p_rx_control, o_control);
    count(p_rx_frames).add();
    count(p_rx_octets).add(size);
    if (capture_.on()) capture_.take(f, in_.when(f->preamble_octets), sim::direction::in);
    switch_.arrived(f, number_, now);
}

void switch_port::count_apart() { count(p_rx_apart).add(); }

bool switch_port::refuses_in() {
    if (is_dead_in_) count(p_rx_dead).add();
    return is_dead_in_;
}

// ---------------------------------------------------------------- out

void switch_port::offer(const frame_ref& f, ps arrived, ps at) {
    if (is_dead_out_) {
        count(p_tx_dead).add();
        switch_.station_.ended(f->id, switch_outcomes[o_path_dead], at);
        return;
    }
    if (queue_.size() >= static_cast<std::size_t>(switch_.config_.queue)) {
        count(p_full).add();
        switch_.station_.ended(f->id, switch_outcomes[o_full], at);
        return;
    }
    queue_.push({f, arrived, at});
    queue_changed(at);
    if (!sending_) plan_next(at);
}

void switch_port::offer_own(const frame_ref& f, ps at) {
    if (is_dead_out_) {
        count(p_tx_dead).add();
        return switch_.station_.ended(f->id, switch_outcomes[o_path_dead], at);
    }
    own_.push(f);
    if (!sending_) plan_next(at);
}

void switch_port::plan_next(ps at) {
    const bool idle = queue_.empty() && own_.empty();
    switch_.agenda_.set(ethernet_switch::first_port_slot + number_, idle ? never : std::max(free_at_, at));
}

void switch_port::queue_changed(ps at) {
    depth_.set(at, static_cast<std::int64_t>(queue_.size()));
    depth_probe_.change(at, queue_.size());
}

void switch_port::due(ps at) {
    if (!sending_) return send(at);
    const frame_ref sent = std::move(sending_);
    sending_ = {};
    free_at_ = at + octets_time(1 + gap_bits / 8, line_->bits_per_second());
    line_->end(sent, wire_end::good);
    plan_next(at);
}

void switch_port::send(ps at) {
    if (!own_.empty()) {
        sending_ = own_.front();
        own_.pop();
    } else {
        const waiting next = queue_.front();
        queue_.pop();
        queue_changed(at);
        sending_ = as_sent(next.frame);
        if (at > next.since) count(p_waited).add();
        residence_.add(at - next.arrived);
    }
    const std::size_t size = sending_->data.size();
    count(p_tx_frames).add();
    count(p_tx_octets).add(size);
    plan_octets(out_, at, static_cast<std::uint32_t>(preamble_octets + size), line_->bits_per_second());
    if (capture_.on()) capture_.take(sending_, out_.when(preamble_octets), sim::direction::out);
    switch_.agenda_.set(ethernet_switch::first_port_slot + number_, out_.last());
    line_->begin(sending_, out_);
}

// What is being sent ends at its own time: the cable knows what becomes of it.
void switch_port::lost_link(ps at) {
    down_at_ = at;
    lose_waiting(p_link_down, switch_outcomes[o_link_down], at);
}

void switch_port::lose_waiting(unsigned metric, const outcome_info& why, ps at) {
    if (queue_.empty() && own_.empty()) return;
    const auto lose = [&](const frame_ref& f) {
        count(metric).add();
        switch_.station_.ended(f->id, why, at);
    };
    for (; !own_.empty(); own_.pop()) lose(own_.front());
    for (; !queue_.empty(); queue_.pop()) lose(queue_.front().frame);
    queue_changed(at);
    if (!sending_) plan_next(at);
}

void switch_port::claim(const sim::station::claim& c) const {
    for (std::size_t i = 0; i < own_.size(); ++i) c(own_[i]->id);
    for (std::size_t i = 0; i < queue_.size(); ++i) c(queue_[i].frame->id);
    if (sending_) c(sending_->id);
}

}  // namespace nicteam::wire
