#include "wire/cable_direction.h"

#include <algorithm>
#include <stdexcept>

namespace nicteam::wire {

cable_direction::cable_direction(sc_core::sc_module_name name, const cable_config& c, const impairment_config& i, sim::direction d)
    : sc_module(name), config_(c), impairment_(i), direction_(d),
      rate_(c.rate), gap_(octets_time(gap_bits / 8, c.rate)),
      station_(sim::bind_station(*this)), capture_(sim::bind_capture(*this, direction_info.captures.rows[0])),
      loss_(sim::stream_of(*this, "loss")), duplication_(sim::stream_of(*this, "duplication")),
      reordering_(sim::stream_of(*this, "reordering")), errors_(i.bit_error_ratio) {
    for (unsigned m = 0; m < cable_metric_count; ++m)
        if (m != m_busy) counters_[m] = &sim::bind_counter(*this, cable_metrics[m]);
    const metric_info& busy = cable_metrics[m_busy];
    counters_[m_busy] = &sim::session::current().bind_counter(sim::path_of(*this, busy.name), busy, [this](ps t) { occupy(t); });
    sim::bind_fault(*this, direction_info.faults.rows[0], [this](bool on, std::int64_t ratio, ps at) { set_errors(on, ratio, at); });
    station_.holding = [this](const sim::station::claim& c) {
        for (const auto& p : all_)
            if (p->arrived) c(p->arrived->id);
    };
    SC_METHOD(fire);
    sensitive << event_;
    dont_initialize();
}

void cable_direction::set_rate(std::int64_t r) {
    if (r == rate_) return;
    rate_ = r;
    gap_ = octets_time(gap_bits / 8, r);
}

cable_direction::passage* cable_direction::take() {
    if (free_.empty()) {
        all_.push_back(std::make_unique<passage>());
        return all_.back().get();
    }
    passage* p = free_.back();
    free_.pop_back();
    return p;
}

void cable_direction::release(passage* p) {
    p->sent = {};
    p->arrived = p->begun = {};
    p->plan.clear();
    p->far_plan.clear();
    p->shift = 0;
    p->quality = wire_end::good;
    p->launched = p->placed = p->waits = p->held = p->twice = p->lost = p->doomed = false;
    free_.push_back(p);
}

// ---------------------------------------------------------------- the sender's side

void cable_direction::begin(const frame_ref& f, const span& octets) {
    if (sending_) throw std::logic_error(std::string(name()) + ": a frame begins before the one before it has ended");
    if (!to_) throw std::logic_error(std::string(name()) + ": the cable's ends are not connected");
    const ps now = sim::now();
    passage* p = sending_ = take();
    p->sent = p->arrived = p->begun = f;
    p->plan = octets;
    p->serial = ++serial_;
    sending_ = nullptr;
    occupy(octets.empty() ? now : octets.first());
    sending_ = p;
    if (contention_) contention_->free_from(side_, never, now);
    busy_from_ = !up_ && down_at_ != now ? never : octets.empty() ? now : octets.first();
    if (f->id) station_.passed(f->id, cable_stages[s_wire_begin], octets.first());
    // What begins at the very instant of the cut is treated as begun before it, whoever runs first.
    if (up_ || (down_at_ == now && config_.delay == 0)) launch(p, now);
    else p->lost = true;   // unless the link comes up before the first octet
    if (!up_ && p->launched) cut_far_end(down_at_);
}

void cable_direction::launch(passage* p, ps now) {
    p->launched = true;
    p->lost = false;
    p->reason = fate::lost;
    insert_ready(p->plan.first() + config_.delay);
    if (static_cast<std::int64_t>(p->sent->data.size()) > config_.max_frame) {
        p->lost = true;
        p->reason = fate::oversize;
    } else if (impairment_.loss && loss_.chance(impairment_.loss)) {
        p->lost = true;
    }
    if (p->lost) return;
    if (impairment_.duplication) p->twice = duplication_.chance(impairment_.duplication);
    if (impairment_.reordering) p->held = reordering_.chance(impairment_.reordering);
    damage(*p);
    if (p->held) return;
    ps first = std::max(p->plan.first() + config_.delay, inserted_until_);
    if (natural_late_) first = std::max(first, natural_last_ + spacing());
    const bool late = first - p->plan.first() > config_.delay;
    if (late && waiting_ >= static_cast<std::size_t>(config_.impairment_queue)) {
        p->lost = true;
        p->reason = fate::queue;
        return;
    }
    natural_late_ = late;
    p->shift = first - p->plan.first();
    p->placed = true;
    if (late) {
        p->waits = true;
        ++waiting_;
    }
    retime(*p);
    push(now + p->shift, step::begin, p);
}

// Plans may change, what has passed may not: only that is counted.
void cable_direction::occupy(ps until) {
    const ps end = !sending_ ? busy_until_ : sending_->plan.empty() ? busy_from_ : sending_->plan.last() + spacing();
    const ps from = std::max(busy_from_, counted_until_), to = std::min(until, end);
    if (to <= from) return;
    count(m_busy).add(static_cast<std::uint64_t>(to - from));
    counted_until_ = to;
}

void cable_direction::retime(passage& p) {
    shift_plan(p.far_plan, p.plan, p.shift);
    natural_last_ = p.far_plan.empty() ? natural_last_ : p.far_plan.last();
}

void cable_direction::replan(const span& octets) {
    if (!sending_) return;
    passage* p = sending_;
    p->plan = octets;
    if (!p->placed || p->doomed) return;
    retime(*p);
    push(sim::now() + p->shift, step::replan, p);
}

void cable_direction::waits(ps since) {
    if (contention_) contention_->waits(side_, since, sim::now());
    if (to_) to_->far_end_waits(since);
}

void cable_direction::end(const frame_ref& f, wire_end quality) {
    if (!sending_) throw std::logic_error(std::string(name()) + ": a frame ends that has not begun");
    const ps now = sim::now();
    passage* p = sending_;
    occupy(now);
    busy_until_ = p->plan.empty() ? busy_from_ : p->plan.last() + spacing();
    if (contention_) contention_->free_from(side_, busy_until_, now);
    sending_ = nullptr;
    count(m_frames).add();
    count(m_octets).add(f->data.size());
    const bool replaced = f.get() != p->sent.get();
    p->sent = f;
    p->quality = quality;
    if (p->doomed) {
        release(p);
    } else if (p->lost || !p->launched) {
        lose(p, p->launched ? p->reason : fate::link_down, now);
        overtaken();
    } else {
        if (replaced) p->arrived = f;
        if (replaced || p->errors_seen != errors_.changes()) damage(*p);
        passage* copy = p->twice && !is_part(quality) ? copy_of(*p) : nullptr;
        overtaken();
        if (p->held) {
            count(m_reordered).add();
            held_.push_back({p, now + config_.delay + config_.reorder_time, config_.reorder_frames});
        } else {
            push(now + p->shift, step::end, p);
        }
        if (copy) insert(copy, now + config_.delay);
    }
    insert_ready(now + config_.delay);
    errors_.forget(now);
    arm();
}

cable_direction::passage* cable_direction::copy_of(const passage& p) {
    ref<frame> again = frame::make();
    again->data = p.arrived->data;
    again->fcs_known = p.arrived->fcs_known;
    again->parent = p.arrived->id;
    again->preamble_octets = p.arrived->preamble_octets;
    if (again->parent) {
        again->id = station_.next_id();
        station_.born(again->id, again->parent, static_cast<std::uint32_t>(again->data.size()), sim::now());
    }
    passage* copy = take();
    copy->sent = copy->arrived = again;
    copy->quality = far_quality(p);
    count(m_duplicated).add();
    return copy;
}

// ---------------------------------------------------------------- frames held back, and copies

// Frames that come between others: behind whatever is already on its way to the far end.
void cable_direction::insert(passage* p, ps earliest) {
    if (waiting_ >= static_cast<std::size_t>(config_.impairment_queue)) {
        lose(p, fate::queue, sim::now());
        return;
    }
    const ps first = std::max({earliest, natural_last_ == INT64_MIN ? earliest : natural_last_ + spacing(), inserted_until_, sim::now()});
    const auto octets = static_cast<std::uint32_t>(p->arrived->preamble_octets + p->arrived->data.size());
    plan_octets(p->far_plan, first, octets, rate_);
    inserted_until_ = p->far_plan.last() + spacing();
    p->waits = true;
    ++waiting_;
    push(first, step::begin, p);
    push(p->far_plan.last(), step::end, p);
}

void cable_direction::insert_ready(ps by) {
    if (sending_ && sending_->placed) return;   // behind that frame, when it has ended
    for (std::size_t i = 0; i < held_.size();) {
        if (held_[i].overtakers > 0 && held_[i].release > by) {
            ++i;
            continue;
        }
        const held_frame h = held_[i];
        held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
        insert(h.frame, h.overtakers > 0 ? h.release : sim::now() + config_.delay);
    }
}

void cable_direction::overtaken() {
    for (held_frame& h : held_) --h.overtakers;
}

}  // namespace nicteam::wire
