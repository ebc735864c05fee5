// Transmit FIFO and the timing of MAC transmit: docs/nic-fifos.md, Transmit. Plain C++: no bus, no kernel. Whoever drives it
// asks for the next instant of interest and calls advance() then; nothing is decided before its edge.
#pragma once

#include <cstdint>
#include <vector>

#include "nic/fill.h"
#include "nic/mac/pause_span.h"
#include "nicteam/base/clock_domain.h"
#include "nicteam/base/frame.h"
#include "nicteam/base/span.h"
#include "nicteam/wire/medium_access.h"

namespace nicteam::nic {

struct transmit_setup {
    clock_domain pci{30'000};
    clock_domain octet{80'000};
    std::uint32_t fifo_bytes = 3072;
    std::uint32_t dual_port = 128;     // bytes of room that make a burst worth a request
    unsigned gap_octets = 12;
    unsigned two_frames = 2;           // frames in the FIFO: 1 or 2; of a frame buffer any number
    unsigned jam_octets = 4;
    unsigned preamble_octets = 8;
    unsigned stage_clocks = 0;         // octet clocks between FIFO and MAC
    ps extra_gap = 0;                  // behind each transmission, besides the gap
    wire::medium_access* medium = nullptr;   // half duplex
    unsigned priority_slots = 0;       // behind each transmission or back-off, besides the gap
    bool wait_after_win = false;       // one slot more behind a frame that had collided
};

// A frame as the FIFO knows it.
struct transmit_frame {
    std::uint32_t bytes = 0;           // data bytes that come from memory
    std::uint32_t octets = 0;          // on the wire after the preamble: padding and FCS included
    std::uint32_t threshold = 0;       // bytes in the FIFO before the first transmission begins, 1 … bytes
    unsigned retry = 0;                // configure byte 7 bits 2:1
    ref<frame> data;                   // where the bytes go; unused here
    std::uint64_t tag = 0;             // the owner's own use
};

enum class transmit_step : std::uint8_t {
    start,       // the first preamble octet
    underrun,    // the first jam octet
    collision,   // carrier was seen; the jam begins now or behind the preamble
    control,     // the first preamble octet of a MAC control frame
    control_sent,   // and its last octet
    good,        // the last octet of a whole frame
    retry,       // the last jam octet; another transmission follows
    back_off,    // the same after a collision
    given_up,    // the last jam octet; none follows
    too_many,    // the same after the last of 16 collisions
    late,        // the same after a collision behind the first slot
};

class transmit_path {
public:
    transmit_path() : ring_(8) {}
    void setup(const transmit_setup& s) { setup_ = s; }
    const transmit_setup& current() const { return setup_; }
    void clear(ps at);                                     // reset: what is on the wire is the owner's to end

    // ---- the bus side. Frames load one after the other, each in order of its bytes.
    bool fits(std::uint32_t bytes) const { return bytes >= 1 && bytes <= setup_.fifo_bytes; }
    void open(const transmit_frame&);                      // the frame to load now; fits(), and the one before is loaded
    // The first PCI edge >= earliest at which a burst may be requested, `left` bytes of the piece being left; `never`: not before
    // the next advance().
    ps next_request(std::uint32_t left, ps earliest);
    // The same for the whole of a frame that is not opened yet.
    ps room_for(std::uint32_t octets, ps earliest) { return first_room(octets, false, earliest); }
    // The burst from frame byte `first` on is decided: what it asks for, 0 … left.
    std::uint32_t take(ps decision, std::uint32_t first, std::uint32_t left);
    void planned(std::uint32_t first, unsigned lead, unsigned word_bytes, const span& words);
    void give(std::uint32_t first, ps at);                 // the bus brought nothing: the rest of the burst counts as there
    void loaded() { load_->loaded = true; }                // the frame's last byte has passed
    const transmit_frame& loading() const { return load_->frame; }

    // ---- with something else behind it than the MAC, which takes frames when they are whole; nothing of the MAC side is used then.
    void hand_on(ps at);                                   // the last word of the oldest frame has left
    void discard(ps at);                                   // the frame that was loaded last, instead
    void hold(unsigned frames) { ring_.resize(frames + 1); }      // so many at most; while there is none

    // ---- the MAC side
    ps next_step() const { return next_; }                 // instant of the next step by present plans, or `never`
    transmit_step advance(ps at);                          // at == next_step()
    const transmit_frame& sending() const { return ring_[sending_].frame; }   // of the last step
    const span& octets() const { return octets_; }         // of the transmission under way
    unsigned preamble_octets() const { return preamble_; } // that it has
    bool deferred() const { return deferred_; }            // at `start`: the medium was busy, and it is the first attempt
    ps waits_since() const { return since_; }              // half duplex: a frame could go but for the medium; `never`: none, or it goes
    ps waited() const { return waited_; }                  // at `start`: on the medium
    ps held_by_priority(ps at);                            // time up to `at`, not asked for before, that linear priority alone kept it back
    unsigned collisions() const { return collisions_; }    // at `good`: that this frame had
    void medium_changed(ps now);                           // carrier came or went, or another duplex mode
    std::uint32_t sent_bytes() const { return sent_bytes_; }   // data bytes before an underrun
    const transmit_frame& current_frame() const { return at(waiting_).frame; }   // while on_wire()
    void replace(const ref<frame>& f) { at(waiting_).frame.data = f; }           // after a step `retry`
    template <class F> void for_each_unsent(F f) const {
        for (std::size_t i = waiting_; i < count_; ++i) f(at(i).frame);
    }
    const transmit_frame* incomplete() const { return load_ && !load_->loaded ? &load_->frame : nullptr; }      // not whole in the FIFO yet
    bool on_wire() const { return state_ == mac_state::sending || state_ == mac_state::jamming; }

    // ---- PAUSE, full duplex. A control frame does not lie in the FIFO: it goes between two others, also while those are held.
    static constexpr unsigned control_octets = 64;
    void send_control(ps ready);                           // an octet edge; what waits already goes then as well
    void withdraw_control();                               // one that has not begun
    bool control_on_wire() const { return state_ == mac_state::control; }
    void pause(ps from, ps until, ps now);                 // octet edges: no frame begins at or after `from` and before `until`
    void forget_pause();                                   // half duplex knows neither: what waits and what is held by one
    bool paused(ps at) const { return paused_.lasts(at); }
    void hang(bool on, ps now) { hung_until_ = on ? never : setup_.octet.after(now), replan(); }      // nothing begins, a control frame neither

    std::uint32_t level(ps t) const;                       // bytes that came strictly before t and are still held
    std::uint32_t reserved() const;                        // bytes asked for and not released

private:
    struct slot {
        transmit_frame frame;
        fill in;
        std::uint32_t taken = 0;
        unsigned step = 0;             // underruns so far
        bool loaded = false, over = false;
        ps ended = never;              // E of the last transmission
        ps released = never;           // PCI edge from which on its space is free
    };
    enum class mac_state : std::uint8_t { waiting, sending, jamming, control };

    ps first_room(std::uint32_t want, bool begun, ps earliest);
    void leave(slot&, ps at);
    bool released(const slot& s, ps n) const { return s.over && s.released <= n; }
    std::uint32_t used(ps n) const;
    unsigned held(ps n) const;
    std::uint32_t needed(const slot&) const;               // bytes that start a transmission
    void replan();
    ps frame_start();                                      // of the frame that waits, by present knowledge
    ps behind_last() const;                                // the gap behind the latest transmission is over
    void leave_medium(transmit_step, ps at);               // half duplex: a transmission has ended
    void drop_released(ps n);

    transmit_setup setup_;
    std::vector<slot> ring_;
    std::size_t head_ = 0, count_ = 0, sending_ = 0;
    std::size_t waiting_ = 0;          // frames before this one (from head_) have left the MAC
    slot* load_ = nullptr;
    mac_state state_ = mac_state::waiting;
    enum class ending : std::uint8_t { whole, starves, collides };
    ending ending_ = ending::whole;    // of the transmission under way, by present plans
    wire::collision_outcome collision_ = wire::collision_outcome::none;   // what its jam tells
    bool deferred_ = false;
    unsigned collisions_ = 0;
    ps ready_ = never;                 // when it would begin on a free medium
    ps not_before_ = 0;                // back-off, or one slot for the others
    ps since_ = never, waited_ = 0;
    ps priority_told_ = 0;             // until when held_by_priority() has told
    ps control_ready_ = never;         // a control frame waits
    bool control_next_ = false;        // and is what the next step begins
    pause_span paused_;
    ps hung_until_ = 0;
    span octets_;
    unsigned preamble_ = 0;            // of them
    std::uint32_t sent_bytes_ = 0;
    ps last_end_ = -1;                 // E of the latest transmission; -1: none yet
    ps next_ = never;

    slot& at(std::size_t i) { return ring_[(head_ + i) % ring_.size()]; }
    const slot& at(std::size_t i) const { return ring_[(head_ + i) % ring_.size()]; }
};

}  // namespace nicteam::nic
