// One port of a switch: what comes in is judged when it is whole, what goes out waits its turn.
#pragma once

#include "nicteam/wire/ethernet_switch.h"
#include "wire/ring.h"

namespace nicteam::wire {

class switch_port : public sc_core::sc_module, public wire_end_point, public wire_sink {
public:
    switch_port(sc_core::sc_module_name, ethernet_switch&, unsigned number);

    // wire_end_point
    wire_sink& receiver() override { return *this; }
    void plug(wire_source&) override;
    const char* end_point_name() const override { return name(); }
    phy_setting phy() const override;

    // wire_sink
    void begin(const frame_ref&, const span& octets) override;
    void replan(const span& octets) override;
    void end(const frame_ref& arrived, wire_end) override;
    void link(bool up, ps at) override { switch_.link_changed(number_, up, at); }

    // ---- for the switch
    wire_source* line() const { return line_; }
    void offer(const frame_ref&, ps arrived, ps at);     // to send; lost if there is no room
    void offer_own(const frame_ref&, ps at);   // of the switch itself: before all others, and there is always room
    void due(ps at);                           // its timer: an end, or a beginning
    void lost_link(ps at);                     // what waits is lost
    bool was_down_since(ps t) const { return down_at_ >= t; }
    void count_apart();                        // a frame came, and LACP has not taken the port
    bool refuses_in();                         // counted: a frame came, and the path in is dead
    void set_phy(bool on, ps at);
    void set_path_dead(bool begin, bool in, bool out, ps at);
    void show_state(ps at);
    void claim(const sim::station::claim&) const;

private:
    struct waiting { frame_ref frame; ps arrived = 0, since = 0; };

    void send(ps at);
    void plan_next(ps at);
    void queue_changed(ps at);
    void lose_waiting(unsigned metric, const outcome_info&, ps at);
    void bind_path_fault(unsigned row, bool in, bool out);
    counter& count(unsigned m) { return *counters_[m]; }

    ethernet_switch& switch_;
    unsigned number_;
    wire_source* line_ = nullptr;
    span in_, out_;
    ring<waiting> queue_;
    ring<frame_ref> own_;
    frame_ref sending_;
    ps free_at_ = 0, down_at_ = -1;
    sim::fault_count dead_in_, dead_out_;
    bool is_dead_in_ = false, is_dead_out_ = false;
    sim::capture_point& capture_;
    std::vector<counter*> counters_;
    level& depth_;
    histogram& residence_;
    sim::probe &depth_probe_, &state_probe_;
};

}  // namespace nicteam::wire
