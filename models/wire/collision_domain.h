// A repeater between half-duplex links (IEEE 802.3 clauses 9 and 27): what one port receives goes out at all others, octet by
// octet, `latency` later; while two or more receive, a jam goes out instead, and goes on until all are silent.
//
// At t + latency a port's line carries octets exactly if some other port received at t; docs/half-duplex.md.
#pragma once

#include <vector>

#include "nicteam/wire/repeater.h"
#include "wire/ring.h"

namespace nicteam::wire {

class collision_domain {
public:
    collision_domain(repeater&, unsigned ports);

    // What a port receives; acted upon one latency later.
    void begin(unsigned port, const frame_ref&, const span& octets);
    void replan(unsigned port, const span& octets);
    void end(unsigned port, const frame_ref& arrived, wire_end);

    void due(ps at);                               // the timer
    void occupy(ps until);                         // counts the time that the medium is busy
    void waits(unsigned port, ps since);           // who is there has something to send and does not; `never`: no more
    void contend(ps until);                        // counts the time that the medium is free and somebody waits
    void claim(const sim::station::claim&) const;

private:
    struct call {
        enum kind { none, begins, replanned, ends } what = none;
        ps at = 0;
        unsigned port = 0;
        frame_ref data;
        span octets;
        wire_end how = wire_end::good;
    };
    struct input {
        frame_ref shown, arrived;                  // as it began, and as it ended
        wire_end how = wire_end::good;
        span plan;                                 // one latency later
        ps off = INT64_MIN;                        // carrier ends here, by present plans
        bool begins = false;                       // at this instant
        unsigned lines = 0;                        // that it has come to
        bool met = false;                          // another one
        ps waits_since = never;
    };
    // What a line carries is its own: the frame that comes in may be over, and the next one here, before it is out.
    struct output {
        bool sending = false, jams = false;
        unsigned from = 0;                         // port whose frame it is, until that has ended
        frame_ref shown, arrived;                  // that frame: as it began, and as it ended
        wire_end how = wire_end::good;
        ref<frame> own;                            // the copy that goes out; none: nobody watches, the frame itself
        span plan;
        ps shift = 0, free_at = 0, due = 0;
        unsigned missing = 0;                      // octets of its preamble that go out besides
        std::uint64_t kept = 0;                    // octets before the jam
    };

    void serve(ps at);
    void receive(const call&, ps at);
    void settle(unsigned port, ps at);             // the frame is over here; its copies go on
    bool heard_beside(unsigned port, ps at) const; // some other port receives
    void update(unsigned port, ps at);
    void start(unsigned port, ps at);
    void jam(unsigned port, ps at);
    void finish(unsigned port, ps at);
    frame_ref leaves(const output&) const;
    void arm();

    repeater& repeater_;
    ps octet_ = 0;
    ring<call> calls_;
    std::vector<input> in_;
    std::vector<output> out_;
    bool collides_ = false;
    ps busy_from_ = 0, busy_until_ = 0;            // the latest carrier and its gap, by present plans
    ps counted_until_ = 0, contended_until_ = 0;
};

}  // namespace nicteam::wire
