// A peer on a half-duplex link: its frame meets others, backs off and comes again (IEEE 802.3 clause 4).
#pragma once

#include <functional>

#include "nicteam/wire/medium_access.h"
#include "nicteam/peer/frame_source.h"

namespace nicteam::peer {

struct shared_medium : wire::carrier_listener {
    shared_medium(wire::medium_access::draw d, std::function<void()> changed) : access(std::move(d)), changed_(std::move(changed)) {}
    void set_octet(ps time) {
        octet = clock_domain(time);
        access.setup(octet, wire::gap_bits / 8);
    }
    void carrier(bool on, ps at) override {
        if (on) access.carrier_on(at);
        else access.carrier_off(at + octet.period());
        changed_();
    }
    // The edge at which a frame begins that is ready at `t`.
    ps start(ps t) const { return t == never ? never : access.start(octet.at_or_after(t)); }

    ps behind(ps last) const { return last + octet.period() + access.gap(); }      // the gap behind that last octet

    wire::medium_access access;
    clock_domain octet{80'000};
    outgoing again;                                // a frame that backs off
    ps not_before = 0;                             // and until when
    ps free_since = 0;                             // the gap behind the own last transmission is over
    ps told = never;                               // since when the station waits, as the link was told
    ps counted_until = 0;                          // of such time
    wire::collision_outcome collision = wire::collision_outcome::none;   // of the transmission under way: it jams

private:
    std::function<void()> changed_;
};

}  // namespace nicteam::peer
