// One port of a repeater: what comes in is offered to all others; what goes out waits its turn.
#pragma once

#include <string>
#include <vector>

#include "nicteam/sim/agenda.h"
#include "nicteam/wire/repeater.h"

namespace nicteam::wire {

enum repeater_metric : unsigned { r_frames, r_octets, r_waited, r_collisions, r_full, r_control, r_busy, r_collided, r_spoiled, r_through, r_carried, r_contended, repeater_metric_count };
extern const metric_info repeater_metrics[repeater_metric_count];
enum repeater_outcome : unsigned { o_repeated, o_full, o_no_other_port, o_fragment, o_drowned, o_cut, o_control, repeater_outcome_count };
extern const outcome_info repeater_outcomes[repeater_outcome_count];

// A frame on its way through, shared by the ports that send it.
struct repeated : counted {
    frame_ref shown, arrived;
    span plan;                          // as it came in
    wire_end quality = wire_end::good;
    bool ended = false;
    bool control = false;               // a MAC control frame: nobody sends it
    unsigned from = 0;
    unsigned missing = 0;               // octets of its preamble that go out besides
    std::vector<repeated*>* pool = nullptr;
    ~repeated() override = default;

private:
    void recycle() override {
        shown = arrived = {};
        plan.clear();
        quality = wire_end::good;
        ended = false;
        pool->push_back(this);
    }
};

// The same packet, as a repeater sends it.
ref<frame> with_whole_preamble(const frame&);

class repeater_port : public sc_core::sc_module, public wire_end_point, public wire_sink, private sim::agenda_user {
public:
    repeater_port(sc_core::sc_module_name, repeater&, unsigned number);

    // wire_end_point
    wire_sink& receiver() override { return *this; }
    void plug(wire_source&) override;
    const char* end_point_name() const override { return name(); }
    phy_setting phy() const override;
    const wire_source* line() const { return line_; }
    void claim(const sim::station::claim&) const;     // frames that wait or are sent

    // wire_sink
    void begin(const frame_ref&, const span& octets) override;
    void replan(const span& octets) override;
    void end(const frame_ref& arrived, wire_end) override;
    void far_end_waits(ps since) override;

private:
    friend class collision_domain;
    enum timer : unsigned { own_timer, domain_timer, timers };
    struct entry { ref<repeated> frame; ref<nicteam::frame> own; };   // own: the copy that this port sends; none: the frame itself

    void offer(const ref<repeated>&, const ref<nicteam::frame>& own);
    void plan_out(const repeated&);
    void input_replanned(const repeated&);
    void due(unsigned slot, ps at) override;
    void send(ps at);
    void finish(ps at);
    void plan_next();
    ps ready(const entry& e) const { return e.frame->plan.first() + repeater_.config_.latency; }

    repeater& repeater_;
    unsigned number_;
    sim::agenda agenda_;
    wire_source* line_ = nullptr;
    ref<repeated> in_;
    std::vector<entry> waiting_;        // by ready time, then port
    entry current_;
    span out_;
    ps shift_ = 0, free_at_ = 0;
    bool sending_ = false;
};

}  // namespace nicteam::wire
