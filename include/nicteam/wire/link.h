// One direction of a link, seen from who sends and who receives.
//
// Octet 0 of a frame's span is the first preamble octet; the frame's data octet k is octet k + its preamble. A receiver takes a
// preamble of any length, as long as the delimiter is there (IEEE 802.3 4.2.9, 22.2.3.2). An octet passes at
// its edge: it may be read strictly after. Frames on one direction never overlap, and the inter-frame gap is the sender's duty.
#pragma once

#include <cstdint>

#include "nicteam/base/frame.h"
#include "nicteam/base/span.h"
#include "nicteam/wire/negotiation.h"

namespace nicteam::wire {

constexpr unsigned preamble_octets = frame::usual_preamble;        // of most: with start-of-frame delimiter, IEEE 802.3 4.2.5
constexpr unsigned gap_bits = 96;              // inter-frame gap, IEEE 802.3 4.4.2
constexpr unsigned minimum_frame = 64;         // destination address … FCS
constexpr unsigned maximum_frame = 1518;       // untagged

enum class wire_end : std::uint8_t {
    good,       // as sent, FCS good
    bad_fcs,    // octets damaged, or sent with a bad FCS: the frame's data are what arrived
    cut,        // ended early: the receiver saw only the octets up to the span's end
    collided,   // the same on a half-duplex link: the rest of an attempt that met another, with its jam. The sender goes on with a copy
};
constexpr bool is_part(wire_end e) { return e == wire_end::cut || e == wire_end::collided; }

class wire_sink {
public:
    virtual ~wire_sink() = default;
    // A frame begins. `octets` may lie in the future; the object is the sink's to keep until end() and is changed only by replan().
    virtual void begin(const frame_ref&, const span& octets) = 0;
    // The plan changed from now on (underrun, link loss, collision): the whole new plan.
    virtual void replan(const span& octets) = 0;
    // Called at the last octet's edge. `frame` is what arrived: the same as at begin() unless damaged or cut, and always of the id
    // that begin() gave: from there on the packet is the sink's to end (docs/decisions/0050-an-attempt-is-a-packet.md).
    virtual void end(const frame_ref& arrived, wire_end) = 0;
    // Link up or down, or up in another mode, seen by this end at `at`; the source of this end tells the mode.
    virtual void link(bool up, ps at) {}
    // What the other end says of itself by wire_source::waits(), told at once.
    virtual void far_end_waits(ps since) {}
};

// What a MAC listens to on a half-duplex link besides its frames.
class carrier_listener {
public:
    virtual ~carrier_listener() = default;
    virtual void carrier(bool on, ps octet) = 0;       // the edge of the first octet of what arrives; of the last one
};

// What a sender (a MAC, a peer) holds: the near end of a link.
class wire_source {
public:
    virtual ~wire_source() = default;
    virtual void begin(const frame_ref&, const span& octets) = 0;
    virtual void replan(const span& octets) = 0;
    virtual void end(const frame_ref&, wire_end) = 0;
    virtual std::int64_t bits_per_second() const = 0;
    virtual bool link_up() const = 0;
    // What the link has come to, as this end sees it; changes are told by wire_sink::link().
    virtual negotiated outcome() const { return {link_up(), bits_per_second()}; }
    // This end's PHY treats its line in another way from now on: what was agreed on is void.
    virtual void set_phy(const phy_setting&, ps at) {}
    // Half duplex: from `since` on (past, present or by present plans) this end has something to send and does not send; `never`: nothing,
    // or it sends. For the books of the medium: no decision reads it.
    virtual void waits(ps since) {}
};

// Time of n octets at a rate, rounded once to the nearest picosecond.
constexpr ps octets_time(std::int64_t n, std::int64_t bits_per_second) {
    const __int128 num = static_cast<__int128>(n) * 8 * second;
    return static_cast<ps>((2 * num + bits_per_second) / (2 * static_cast<__int128>(bits_per_second)));
}

// The plan of a frame of `octets` octets (preamble included) that begins at `first`: octet k at first + k octet times. At rates
// whose octet time is no whole number of picoseconds the stride is rounded down and the last octet is exact.
span octet_plan(ps first, std::uint32_t octets, std::int64_t bits_per_second);
// The same into a span that exists (its memory is used again), and a plan moved in time.
void plan_octets(span& out, ps first, std::uint32_t octets, std::int64_t bits_per_second);
void shift_plan(span& out, const span& in, ps by);
// A repeater sends a whole preamble (IEEE 802.3 9.5.6, 27.3.1.2): what is missing of it comes first, a longer one passes as it is.
unsigned missing_preamble(const frame&);
void regenerate_plan(span& out, const span& in, ps by, unsigned missing, ps octet);

// A place where a cable plugs in: a NIC's PHY, a peer, a repeater or switch port.
class wire_end_point {
public:
    virtual ~wire_end_point() = default;
    virtual wire_sink& receiver() = 0;             // frames from the link arrive here
    virtual void plug(wire_source&) = 0;           // frames to the link leave here
    virtual const char* end_point_name() const = 0;
    // As it powers up; afterwards wire_source::set_phy() tells.
    virtual phy_setting phy() const { return {}; }
};

}  // namespace nicteam::wire
