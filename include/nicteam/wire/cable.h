// A cable between two end points: rate, propagation delay, impairments and faults in each direction.
//
// The receiving end is told of a begin, a new plan and an end one propagation delay after the sender's call, with the plan
// moved by the same time. Two kernel events a frame and direction; none when the delay is 0.
//
// A fault at t takes octets strictly between t and the repair away; what passes at t itself still passes, so nothing depends
// on who runs first at t. Frames under way are cut at both ends; what is on the cable is lost.
#pragma once

#include <memory>
#include <string>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/sim/session.h"
#include "nicteam/wire/link.h"

namespace nicteam::wire {

// How one direction treats frames. Ratios in 10^-18.
struct impairment_config {
    std::int64_t loss = 0;
    std::int64_t bit_error_ratio = 0;
    std::int64_t duplication = 0;
    std::int64_t reordering = 0;
};

enum class negotiation_mode : std::uint8_t { instant, timed };   // choices "instant|timed"

struct cable_config {
    std::string a, b;                          // end points; who builds the system resolves them
    std::int64_t rate = 100'000'000;           // bit/s, at most: what the ends agree on counts
    ps delay = 56 * nanosecond;
    std::int64_t max_frame = 16'384;           // octets, destination address … FCS
    impairment_config a_to_b, b_to_a;
    std::int64_t reorder_frames = 3;
    ps reorder_time = millisecond;
    std::int64_t impairment_queue = 64;
    negotiation_mode negotiation = negotiation_mode::instant;
    bool cold = false;                         // timed, and both ends are powered up at time 0; else they have come to terms before
    far_end_fault far_end = far_end_fault::as_negotiated;            // choices "as_negotiated|none|indicated"
    negotiation_times negotiation_takes{1200 * millisecond, 16 * millisecond, 12, 500 * millisecond, 330 * microsecond};   // if timed
};
extern const block_info cable_info;            // kind "link": its keys and faults
extern const block_info direction_info;        // its children a_to_b and b_to_a: what is counted, captured and can go wrong there

class cable_direction;
class contention;
class line_negotiation;

class cable : public sc_core::sc_module {
public:
    cable(sc_core::sc_module_name, const cable_config&);
    cable(sc_core::sc_module_name, const cable_config&, wire_end_point& a, wire_end_point& b);
    ~cable() override;

    // During elaboration, once; the other constructor does it.
    void connect(wire_end_point& a, wire_end_point& b);

    const cable_config& config() const { return config_; }
    bool up() const;
    bool half_duplex() const { return half_duplex_; }   // both ends, when the link was last up
    bool mismatched() const { return mismatched_; }        // it once came up with one end half duplex and the other full
    void set_link(bool up, ps at);             // what the fault link_down does; overlapping faults count
    cable_direction& a_to_b() { return *a_to_b_; }
    cable_direction& b_to_a() { return *b_to_a_; }

private:
    void changed(bool up, ps at);
    void set_deaf(unsigned end, bool begin, ps at);

    cable_config config_;
    std::unique_ptr<line_negotiation> line_;
    std::unique_ptr<contention> contention_;
    std::unique_ptr<cable_direction> a_to_b_, b_to_a_;
    wire_end_point *a_ = nullptr, *b_ = nullptr;
    sim::fault_count downs_, deaf_[2];
    bool passes_ = true, told_[2] = {true, true};      // whether frames pass; what each end was told last
    bool half_duplex_ = false, mismatched_ = false;
};

}  // namespace nicteam::wire
