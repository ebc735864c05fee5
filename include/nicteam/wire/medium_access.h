// CSMA/CD of one station on a half-duplex link: when it may begin, when it notices a collision, how long it backs off.
// IEEE 802.3 clause 4. Plain C++: no kernel. docs/half-duplex.md states the edges.
//
// The station acts on the edges of its octet clock; an edge sees the carrier that was there strictly before it. Carrier from the
// link is on from the first octet's edge until one octet behind the last one's.
#pragma once

#include <cstdint>
#include <functional>

#include "nicteam/base/clock_domain.h"

namespace nicteam::wire {

constexpr unsigned slot_octets = 64;           // slotTime of 512 bits, IEEE 802.3 4.4.2
constexpr unsigned jam_octets = 4;             // jamSize of 32 bits
constexpr std::uint8_t jam_octet = 0x55;       // choice: any pattern but a good FCS, IEEE 802.3 4.2.3.2.4
constexpr unsigned attempt_limit = 16, backoff_limit = 10;
// interFrameSpacingPart1 is this share of the gap: carrier in it restarts the gap, later carrier does not (4.2.3.2.2).
constexpr unsigned first_part_of_gap = 2, parts_of_gap = 3;

enum class collision_outcome : std::uint8_t { none, back_off, too_many, late };

class medium_access {
public:
    using draw = std::function<std::uint64_t(std::uint64_t below)>;     // uniform in [0, below)

    explicit medium_access(draw d) : draw_(std::move(d)) {}
    // reception_slots: slots that the station leaves to others behind their carrier, besides the gap (the 82557's linear priority).
    // Carrier in any part of such a wait starts it anew.
    void setup(clock_domain octet, unsigned gap_octets, unsigned reception_slots = 0);

    // ---- what the link does
    void carrier_on(ps at);
    void carrier_off(ps at);                   // may be told up to one octet ahead
    bool carrier() const { return carrier_; }
    void listen_anew();                        // the link has just become half duplex: what passed before was not heard

    // ---- what the station asks; octet edges
    // The first edge at or after `ready`, an edge, at which a frame may begin by what is known; `never` while the medium is busy.
    ps start(ps ready) const;
    // The first edge after `first`, at or before `last`, at which a transmission between these two octets sees carrier; or `never`.
    ps collision(ps first, ps last) const;
    ps slot() const { return slot_octets * octet_.period(); }
    ps gap() const { return gap_octets_ * octet_.period(); }
    ps gap_over() const { return zero_ + gap(); }      // behind the latest that was heard or sent
    ps yielded() const { return yielded_; }            // besides, to others

    // ---- what the station does. Of one frame: any number of begun, collided, ended; then a new frame.
    void ended(ps last);                       // the last octet's edge of a transmission, or of its jam
    // A transmission that began at `first` meets a collision at `at`.
    collision_outcome collided(ps first, ps at);
    ps back_off(ps last);                      // after collided() == back_off: the next attempt's earliest edge, drawn now
    unsigned collisions() const { return collisions_; }
    void next_frame() { collisions_ = 0; }

private:
    ps after(ps t) const { return octet_.after(t); }

    draw draw_;
    clock_domain octet_{80'000};
    unsigned gap_octets_ = 12, reception_slots_ = 0;
    unsigned collisions_ = 0;                  // of the present frame
    bool carrier_ = false;
    ps on_ = never, off_ = never;              // the latest carrier from the link; off_: never while it lasts
    ps zero_ = -(ps{1} << 60);                              // the last edge that saw carrier or the own transmission; the gap runs from here
    ps yielded_ = 0;                           // besides the gap, if carrier was the later
    ps window_ = never;                        // carrier came in the gap's second part: this edge may begin nevertheless
};

}  // namespace nicteam::wire
