#include "wire/line_negotiation.h"

#include <algorithm>

namespace nicteam::wire {
namespace {

using role = phy_setting::role;
constexpr ps elaboration = -1;

}  // namespace

line_negotiation::line_negotiation(std::int64_t rate, const negotiation_times& t, std::function<void(bool, ps)> changed, far_end_fault f)
    : rate_(rate), takes_(t), timed_(t.break_link || t.burst_interval || t.parallel_detection || t.link_monitor), far_end_(f), changed_(std::move(changed)) {
    if (timed_) timer_ = std::make_unique<sim::agenda>("negotiation", *this, 1);
    for (line_end& e : ends_) e.now = {true, rate};
}

void line_negotiation::start(const phy_setting& a, const phy_setting& b, bool cold) {
    end(line_side::a).phy = a;
    end(line_side::b).phy = b;
    up_ = false;
    for (line_end& e : ends_) e.now = {};
    const ps t = ready();
    if (t != never && !(timed_ && cold)) come_up(elaboration);
    else if (timed_) timer_->set(0, t);
    if (!up_) changed_(false, elaboration);
}

void line_negotiation::set(line_side s, const phy_setting& phy, ps at) {
    if (timed_) timer_->serve();             // a link that is good at this very instant was good
    end(s).phy = phy;
    end(s).since = at;
    down(at);
    plan(at);
}

void line_negotiation::cut(bool on, ps at) {
    if (timed_) timer_->serve();
    cut_ = on;
    if (!on) whole_since_ = at;
    down(at);
    plan(at);
}

// The other end may keep its link, or be alone in getting it back.
void line_negotiation::deaf(line_side s, bool on, ps at) {
    if (timed_) timer_->serve();
    line_end &e = end(s), &other = ends_[&e == &ends_[0]];
    e.deaf = on;
    if (!on) whole_since_ = at;
    if (on && !hears(other)) {
        down(at);
    } else if (on && e.now.up) {
        up_ = false;
        e.now = {};
        e.since = std::max<ps>(at, 0);
        changed_(false, at);
    }
    plan(at);
}

bool line_negotiation::hears(const line_end& e) const {
    const line_end& other = ends_[&e == &ends_[0]];
    const bool takes_along = far_end_ == far_end_fault::indicated || (far_end_ == far_end_fault::as_negotiated && other.phy.how == role::negotiates);
    return !cut_ && !e.deaf && !(other.deaf && takes_along);
}

void line_negotiation::down(ps at) {
    if (!ends_[0].now.up && !ends_[1].now.up) return;
    up_ = false;
    for (line_end& e : ends_) {
        if (e.phy.how == role::negotiates) e.since = std::max<ps>(at, 0);      // a lost link is negotiated anew
        e.now = {};
    }
    changed_(false, at);
}

// By present knowledge, or never.
ps line_negotiation::ready() const {
    const line_end &a = ends_[0], &b = ends_[1];
    if (!resolve(a.phy, b.phy, rate_).up || !resolve(b.phy, a.phy, rate_).up) return never;
    if (hears(a) == a.now.up && hears(b) == b.now.up) return never;          // nothing is to come
    const auto heard = [&](const line_end& e) { return e.since + (e.phy.how == role::negotiates ? takes_.break_link : 0); };
    const ps begun = std::max({heard(a), heard(b), whole_since_});
    const bool a_asks = a.phy.how == role::negotiates, b_asks = b.phy.how == role::negotiates;
    if (a_asks && b_asks) return begun + takes_.bursts * takes_.burst_interval + takes_.link_monitor;
    return begun + (a_asks || b_asks ? takes_.parallel_detection : 0) + takes_.link_monitor;
}

void line_negotiation::plan(ps at) {
    const ps t = ready();
    if (timed_) timer_->set(0, t);
    else if (t != never) come_up(at);
}

void line_negotiation::come_up(ps at) {
    for (line_end& e : ends_) e.now = hears(e) ? resolve(e.phy, ends_[&e == &ends_[0]].phy, rate_) : negotiated{};
    up_ = ends_[0].now.up && ends_[1].now.up;
    changed_(up_, at);
}

}  // namespace nicteam::wire
