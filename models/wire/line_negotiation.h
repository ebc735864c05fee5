// Both ends of a cable while they agree, in time (IEEE 802.3 28.3.2). Nothing runs between two changes: when the link comes up follows from
// when each end began.
#pragma once

#include <functional>
#include <memory>

#include "nicteam/sim/agenda.h"
#include "nicteam/wire/negotiation.h"

namespace nicteam::wire {

enum class line_side : std::uint8_t { a, b };

class line_negotiation : public sim::agenda_user {
public:
    // changed: the link of one end or both came up or went down at an instant; up: both have it. Before the simulation begins the instant is -1.
    line_negotiation(std::int64_t rate, const negotiation_times&, std::function<void(bool up, ps at)> changed, far_end_fault = far_end_fault::as_negotiated);

    void start(const phy_setting& a, const phy_setting& b, bool cold);      // during elaboration; cold: they begin at time 0
    void set(line_side, const phy_setting&, ps at);              // this end begins anew
    void cut(bool, ps at);
    void deaf(line_side, bool, ps at);       // this end hears nothing
    bool up() const { return up_; }
    const negotiated& outcome(line_side s) const { return end(s).now; }
    void due(unsigned, ps at) override { come_up(at); }

private:
    struct line_end {
        phy_setting phy;
        ps since = 0;              // it began to negotiate, or took this mode
        bool deaf = false;
        negotiated now;
    };
    line_end& end(line_side s) { return ends_[static_cast<unsigned>(s)]; }
    const line_end& end(line_side s) const { return ends_[static_cast<unsigned>(s)]; }
    bool hears(const line_end&) const;
    ps ready() const;
    void down(ps at);
    void come_up(ps at);
    void plan(ps at);
    std::int64_t rate_;
    negotiation_times takes_;
    bool timed_;
    far_end_fault far_end_;
    std::function<void(bool, ps)> changed_;
    std::unique_ptr<sim::agenda> timer_;
    line_end ends_[2];
    bool up_ = true, cut_ = false;
    ps whole_since_ = 0;           // the cable
};

}  // namespace nicteam::wire
