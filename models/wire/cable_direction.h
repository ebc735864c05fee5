// One direction of a cable.
#pragma once

#include <array>
#include <memory>
#include <set>
#include <vector>

#include "nicteam/wire/cable.h"
#include "nicteam/wire/impairment.h"
#include "wire/cable_table.h"
#include "wire/contention.h"
#include "wire/line_negotiation.h"
#include "wire/ring.h"

namespace nicteam::wire {

class cable_direction : public sc_core::sc_module, public wire_source {
public:
    cable_direction(sc_core::sc_module_name, const cable_config&, const impairment_config&, sim::direction);
    SC_HAS_PROCESS(cable_direction);
    void connect(wire_sink& to) { to_ = &to; }

    // wire_source: the sender's calls.
    void begin(const frame_ref&, const span& octets) override;
    void replan(const span& octets) override;
    void end(const frame_ref&, wire_end) override;
    std::int64_t bits_per_second() const override { return rate_; }
    bool link_up() const override { return shown_; }
    negotiated outcome() const override { return line_ ? line_->outcome(side_) : wire_source::outcome(); }
    void set_phy(const phy_setting& s, ps at) override { if (line_) line_->set(side_, s, at); }

    void waits(ps since) override;

    void meet(line_negotiation& l, line_side sender, contention& c) { line_ = &l, side_ = sender, contention_ = &c; }
    void set_rate(std::int64_t);                              // while the link is down

    // Faults, at the present time.
    void set_link(bool up, ps at);                            // whether frames pass
    void show(bool up) { shown_ = up; }                       // what its sender takes the link for
    void set_errors(bool on, std::int64_t ratio, ps at);      // of several at once the highest ratio holds

private:
    // A frame on its way through this direction.
    struct passage {
        frame_ref sent, arrived;          // arrived: what the far end is shown
        frame_ref begun;                  // as the sender began it
        span plan, far_plan;              // octets as sent, and as they arrive
        ps shift = 0;
        std::uint64_t serial = 0, errors_seen = 0;
        wire_end quality = wire_end::good;
        bool launched = false;            // its fate is drawn
        bool placed = false;              // it has its place at the far end: far_plan
        bool waits = false;               // placed later than the delay alone makes it
        bool held = false, twice = false;
        bool lost = false;                // nothing of it arrives
        bool doomed = false;              // already cut at the far end, the sender goes on
        fate reason = fate::link_down;    // why, when it is lost
    };
    enum class step : std::uint8_t { begin, replan, end };
    struct delivery { ps at = 0; step what = step::begin; passage* frame = nullptr; };
    struct held_frame { passage* frame; ps release; std::int64_t overtakers; };

    passage* take();
    void release(passage*);
    void launch(passage*, ps now);
    void retime(passage&);
    void damage(passage&);
    void insert(passage*, ps earliest);
    void insert_ready(ps by);
    void overtaken();
    passage* copy_of(const passage&);
    static wire_end far_quality(const passage&);
    void hand_over(const passage&, const frame_ref&, wire_end, const char* comment);
    void lose(passage*, fate, ps at);
    void push(ps at, step, passage*);
    void deliver(const delivery&);
    void deliver_due(ps by);
    void finish_at_far_end(passage*);
    void cut_far_end(ps at);
    void occupy(ps until);
    void arm();
    void fire();
    counter& count(cable_metric m) { return *counters_[m]; }
    ps spacing() const { return octets_time(1, rate_) + gap_; }

    const cable_config& config_;
    const impairment_config& impairment_;
    sim::direction direction_;
    std::int64_t rate_;
    ps gap_;
    line_negotiation* line_ = nullptr;
    line_side side_ = line_side::a;
    contention* contention_ = nullptr;
    wire_sink* to_ = nullptr;
    sim::station& station_;
    sim::capture_point& capture_;
    std::array<counter*, cable_metric_count> counters_{};
    random_stream loss_, duplication_, reordering_;
    error_history errors_;
    std::multiset<std::int64_t> error_faults_;    // ratios of those that are on
    std::vector<std::uint64_t> bad_bits_;

    bool up_ = true, shown_ = true;
    ps down_at_ = never;
    passage* sending_ = nullptr;          // between the sender's begin and end
    passage* receiving_ = nullptr;        // between begin and end at the far end
    std::uint64_t serial_ = 0;
    ps natural_last_ = INT64_MIN;         // last octet at the far end of the newest frame in sender's order
    bool natural_late_ = false;           // and it was later than the delay alone makes it
    ps inserted_until_ = INT64_MIN;       // no octet before this: inserted frames and their gap
    std::size_t waiting_ = 0;             // launched late or inserted, not yet begun at the far end
    ring<delivery> queue_;
    std::vector<held_frame> held_;
    std::vector<std::unique_ptr<passage>> all_;
    std::vector<passage*> free_;
    ps busy_from_ = 0, busy_until_ = 0;   // the latest frame and its gap
    ps counted_until_ = 0;
    ps armed_ = never;
    sc_core::sc_event event_;
};

}  // namespace nicteam::wire
