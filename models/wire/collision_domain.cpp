#include "wire/collision_domain.h"

#include <algorithm>
#include <utility>

#include "nicteam/wire/medium_access.h"
#include "wire/repeater_port.h"

namespace nicteam::wire {

collision_domain::collision_domain(repeater& r, unsigned ports) : repeater_(r), in_(ports), out_(ports) {}

// Plans may change, what has passed may not: only that is counted.
void collision_domain::occupy(ps until) {
    const ps from = std::max(busy_from_, counted_until_), to = std::min(until, busy_until_);
    if (to <= from) return;
    repeater_.busy_.add(static_cast<std::uint64_t>(to - from));
    counted_until_ = to;
}

void collision_domain::waits(unsigned port, ps since) {
    contend(sim::now());
    in_[port].waits_since = since;
}

void collision_domain::contend(ps until) {
    ps from = never;
    for (const input& i : in_) from = std::min(from, i.waits_since);
    from = std::max({from, busy_until_, contended_until_});
    if (from < until) repeater_.contended_.add(static_cast<std::uint64_t>(until - from));
    contended_until_ = std::max(contended_until_, until);
}

// ---------------------------------------------------------------- in
void collision_domain::begin(unsigned port, const frame_ref& f, const span& octets) {
    octet_ = octets_time(1, repeater_.ports_[port]->line()->bits_per_second());
    call c{call::begins, sim::now() + repeater_.config_.latency, port, f, {}, wire_end::good};
    shift_plan(c.octets, octets, repeater_.config_.latency);
    calls_.push(std::move(c));
    arm();
}

void collision_domain::replan(unsigned port, const span& octets) {
    call c{call::replanned, sim::now() + repeater_.config_.latency, port, {}, {}, wire_end::good};
    shift_plan(c.octets, octets, repeater_.config_.latency);
    calls_.push(std::move(c));
    arm();
}

void collision_domain::end(unsigned port, const frame_ref& arrived, wire_end how) {
    calls_.push({call::ends, sim::now() + repeater_.config_.latency, port, arrived, {}, how});
    arm();
}

void collision_domain::due(ps at) {
    serve(at);
    for (unsigned p = 0; p < out_.size(); ++p)
        if (out_[p].sending && out_[p].due <= at) finish(p, at);
    arm();
}

// All that reaches the middle at one instant is judged together: no port's turn comes first.
void collision_domain::serve(ps at) {
    if (calls_.empty() || calls_.front().at > at) return;
    occupy(at);
    contend(at);
    if (std::none_of(in_.begin(), in_.end(), [at](const input& i) { return i.off > at; })) collides_ = false;
    while (!calls_.empty() && calls_.front().at <= at) {
        const call c = calls_.front();
        calls_.pop();
        receive(c, at);
    }
    const auto active = std::count_if(in_.begin(), in_.end(), [at](const input& i) { return i.off > at; });
    if (active > 1 && !std::exchange(collides_, true)) repeater_.collisions_.add();
    ps silent = INT64_MIN;
    for (input& i : in_) {
        silent = std::max(silent, i.off);
        if (collides_ && i.off > at && !std::exchange(i.met, true)) repeater_.collided_.add();
    }
    if (at >= busy_until_) busy_from_ = at;
    busy_until_ = silent + gap_bits / 8 * octet_;
    for (unsigned p = 0; p < out_.size(); ++p)
        if (repeater_.ports_[p]->line()) update(p, at);
    for (unsigned p = 0; p < in_.size(); ++p) {
        in_[p].begins = false;
        if (in_[p].arrived) settle(p, at);
    }
}

void collision_domain::receive(const call& c, ps at) {
    input& i = in_[c.port];
    switch (c.what) {
    case call::begins:
        if (i.arrived) settle(c.port, at);
        i.shown = c.data;
        i.begins = true;
        i.lines = 0;
        i.met = false;
        [[fallthrough]];
    case call::replanned:
        i.plan = c.octets;
        i.off = i.plan.empty() ? at : i.plan.last() + octet_;
        break;
    default:
        i.arrived = c.data;
        i.how = c.how;
    }
}

void collision_domain::settle(unsigned port, ps at) {
    input& i = in_[port];
    for (output& o : out_)
        if (o.sending && o.from == port && !o.arrived) {
            o.arrived = i.arrived;
            o.how = i.how;
        }
    const repeater_outcome what = repeater_.attached() < 2       ? o_no_other_port
                                  : i.lines                      ? o_repeated
                                  : i.how == wire_end::collided  ? o_fragment
                                  : i.plan.empty()               ? o_cut
                                                                 : o_drowned;
    if (i.met && i.how != wire_end::collided) repeater_.spoiled_.add();
    if (!i.met && !is_part(i.how) && !i.plan.empty()) {
        repeater_.through_.add();
        repeater_.carried_.add(static_cast<std::uint64_t>(i.plan.last() + octet_ - i.plan.first()));
    }
    repeater_.station_.ended(i.arrived->id, repeater_outcomes[what], at);
    i.shown = i.arrived = {};
}

// ---------------------------------------------------------------- out
bool collision_domain::heard_beside(unsigned port, ps at) const {
    for (unsigned j = 0; j < in_.size(); ++j)
        if (j != port && in_[j].off > at) return true;
    return false;
}

void collision_domain::update(unsigned p, ps at) {
    output& o = out_[p];
    if (!o.sending) return start(p, at);
    if (o.jams || collides_) {
        jam(p, at);
    } else {
        if (o.arrived) return;
        span now;
        regenerate_plan(now, in_[o.from].plan, o.shift, o.missing, octet_);
        if (now == o.plan) return;
        o.plan = now;
    }
    o.due = o.plan.empty() ? at : o.plan.last();
    repeater_.ports_[p]->line_->replan(o.plan);
}

void collision_domain::start(unsigned p, ps at) {
    unsigned from = 0;
    while (from < in_.size() && (from == p || !in_[from].begins || in_[from].off <= at)) ++from;
    if (from == in_.size()) return;
    output& o = out_[p];
    input& i = in_[from];
    ++i.lines;
    o.from = from;
    o.shown = i.shown;
    o.shift = std::max(at, o.free_at) - i.plan.first();
    o.kept = 0;
    o.jams = false;
    o.missing = missing_preamble(*i.shown);
    regenerate_plan(o.plan, i.plan, o.shift, o.missing, octet_);
    o.sending = true;
    o.own = i.shown->id ? repeater_.copy_of(*i.shown) : o.missing ? with_whole_preamble(*i.shown) : ref<frame>();
    if (collides_) jam(p, at);
    o.due = o.plan.empty() ? at : o.plan.last();
    repeater_.ports_[p]->line_->begin(o.own ? frame_ref(o.own) : i.shown, o.plan);
}

// From now on a jam, as long as any other port is heard.
void collision_domain::jam(unsigned p, ps at) {
    output& o = out_[p];
    const ps first = o.plan.first();
    o.plan.cut(at);
    if (o.plan.empty()) o.plan.append({first, octet_, 1});
    if (!std::exchange(o.jams, true)) o.kept = o.plan.units();
    ps off = INT64_MIN;
    for (unsigned j = 0; j < in_.size(); ++j)
        if (j != p) off = std::max(off, in_[j].off);
    const ps next = o.plan.last() + octet_;
    if (off > next) o.plan.append({next, octet_, static_cast<std::uint32_t>((off - next + octet_ - 1) / octet_)});
}

void collision_domain::finish(unsigned p, ps at) {
    output& o = out_[p];
    if (!o.arrived) {                          // its sender's end comes at its last octet's edge
        o.due = at + octet_;
        return;
    }
    const frame_ref sent = leaves(o);
    // A frame whose sender does not know that it met another is not sent again: cut.
    const wire_end how = o.jams && o.how != wire_end::collided ? wire_end::cut : o.how;
    o.sending = false;
    o.free_at = (o.plan.empty() ? at : o.plan.last()) + octet_;
    o.own = {};
    o.shown = o.arrived = {};
    repeater_.ports_[p]->line_->end(sent, how);
}

// What has gone out: the frame, or what has come of it with the jam behind that.
frame_ref collision_domain::leaves(const output& o) const {
    if (!o.jams && o.arrived.get() == o.shown.get()) return o.own ? frame_ref(o.own) : o.shown;
    ref<frame> out = frame::make();
    out->data = o.arrived->data;
    out->fcs_known = o.arrived->fcs_known;
    out->preamble_octets = static_cast<std::uint8_t>(o.arrived->preamble_octets + o.missing);
    if (o.own) {
        out->id = o.own->id;
        out->parent = o.own->parent;
    }
    if (o.jams) {
        const auto octets = [&](std::uint64_t units) { return static_cast<std::size_t>(units > out->preamble_octets ? units - out->preamble_octets : 0); };
        out->data.resize(std::min(out->data.size(), octets(o.kept)));
        out->data.resize(octets(o.plan.units()), jam_octet);
        out->fcs_known = true;
    }
    return out;
}

// One timer for all, that of port 0.
void collision_domain::arm() {
    ps next = calls_.empty() ? never : calls_.front().at;
    for (const output& o : out_)
        if (o.sending) next = std::min(next, o.due);
    repeater_.ports_[0]->agenda_.set(repeater_port::domain_timer, next);
}

void collision_domain::claim(const sim::station::claim& c) const {
    for (std::size_t k = 0; k < calls_.size(); ++k)
        if (const auto& f = calls_[k].data) c(f->id);
    for (const input& i : in_)
        if (i.shown) c(i.shown->id);
    for (const output& o : out_)
        if (o.sending && o.own) c(o.own->id);
}

}  // namespace nicteam::wire
