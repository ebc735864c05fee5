// What the two ends of a cable agree on before they talk: autonegotiation, and what becomes of an end that does not take part
// (IEEE 802.3 clause 28 and annex 28B).
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"

namespace nicteam::wire {

// Technology ability bits, in the places that they have in a link code word and in register 4 of a PHY (annex 28B.2).
enum ability : std::uint16_t {
    half_10 = 0x0020, full_10 = 0x0040, half_100 = 0x0080, full_100 = 0x0100, pause_frames = 0x0400,
    every_mode = half_10 | full_10 | half_100 | full_100,
};

// How a PHY treats its line.
struct phy_setting {
    enum class role : std::uint8_t {
        silent,              // powered down, isolated by a reset, or looped back: the other end hears nothing
        forced,              // `abilities` holds its one mode: it sends idle and takes what speaks the same rate
        negotiates,          // it sends fast link pulses with its abilities
    };
    role how = role::negotiates;
    std::uint16_t abilities = every_mode;
    bool operator==(const phy_setting& o) const { return how == o.how && abilities == o.abilities; }
    bool operator!=(const phy_setting& o) const { return !(*this == o); }
};

// What one end has come to, for its MAC and its registers.
struct negotiated {
    bool up = false;
    std::int64_t rate = 0;               // bit/s
    bool full_duplex = true;
    bool pause = false;                  // both ends know PAUSE frames, and the link is full duplex (annex 28B.3)
    bool partner_negotiates = false;     // else its rate was found by parallel detection, and this end is half duplex
    std::uint16_t partner = 0;           // its abilities, if it has sent them
};

// What `self` comes to with `other` on a line that carries up to `rate`. Rates other than 10 and 100 Mb/s have no link code word: two
// ends that may talk do, in full duplex. An end that forces its mode never learns what the other can do: that is how one end is
// half duplex and the other full.
negotiated resolve(const phy_setting& self, const phy_setting& other, std::int64_t rate);

// What the other end sees of one that hears nothing (a direction of its line is dead). Either way nothing passes: an end without a link sends no
// data (IEEE 802.3 14.2.1.7, 24.2.4.2).
enum class far_end_fault : std::uint8_t {
    as_negotiated,       // one that negotiates begins anew, and the other loses the link with it (28.3.2); one set to a mode sends idle on, and the other sees nothing
    none,                // nothing, as by fibre, or media converters between the two
    indicated,           // it tells by far-end fault indication, and the other has no link either (24.3.2.1)
};

// How long that takes. All 0: as in a run that starts with its links up.
struct negotiation_times {
    ps break_link = 0;                   // silence after a start and after a loss, so that the partner loses the link too
    ps burst_interval = 0;               // from a burst of fast link pulses to the next; each carries one link code word
    unsigned bursts = 0;                 // until both have their partner's word and its acknowledgement
    ps parallel_detection = 0;           // until a partner without pulses counts as one that forces its mode
    ps link_monitor = 0;                 // until a receiver trusts the idle signal
};

}  // namespace nicteam::wire
