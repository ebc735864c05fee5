// MAC transmit: carries out what the transmit path plans, towards the link.
#pragma once

#include <functional>

#include "nic/chip.h"
#include "nic/mac/pause_span.h"
#include "nic/transmit/transmit_path.h"
#include "nicteam/wire/link.h"
#include "nicteam/wire/medium_access.h"

namespace nicteam::nic {

class crypto_transmit;

class transmitter : public wire::carrier_listener {
public:
    transmitter(chip&, wire::medium_access::draw);   // draw: of the back-off
    void plug(wire::wire_source&);
    void configured();                               // Configure bytes or the link's rate changed
    // The wire keeps a frame that it has begun: the next attempt is a copy, and what still loads goes into that.
    void on_copy(std::function<void(const frame& before, const ref<frame>& copy)> f) { copied_ = std::move(f); }
    void on_room(std::function<void(ps)> f) { room_ = std::move(f); }   // a frame left the MAC
    wire::wire_source* link() const { return out_; }
    bool link_up() const { return out_ && out_->link_up(); }
    bool half_duplex() const { return half_duplex_; }
    void carrier(bool on, ps octet) override;        // of the link; half duplex only
    // Begins no frame, from edges strictly later than `at` on, until hang(false); what is under way passes.
    void hang(bool on, ps at);
    // PAUSE frames: a request replaces one that still waits. Told when one has passed.
    void send_pause(std::uint16_t quanta, ps at);
    void withdraw_pause();                           // one that still waits
    void on_pause_sent(std::function<void(std::uint16_t quanta, ps)> f) { pause_sent_ = std::move(f); }
    // Asked for by a frame whose last octet arrived at `at`: of all, or of the low priority queue (models/nic/mac/priority_flow_control.cpp).
    void pause(std::uint16_t quanta, bool low, ps at);
    bool paused(ps at) const { return path_.paused(at); }
    bool paused_low(ps at) const { return low_.lasts(at); }
    ps low_priority_free(ps edge) const;             // the first PCI edge from `edge` on at which that queue may begin a frame
    void on_paused_low(std::function<void(ps)> f) { paused_low_ = std::move(f); }
    void on_duplex(std::function<void(bool half)> f) { duplex_ = std::move(f); }

    // The crypto block stands between the FIFO and the MAC, whose FIFO then is the frame buffer.
    void carry(crypto_transmit&);
    crypto_transmit* crypto() { return crypto_; }
    // A frame into the frame buffer, all of whose words are certain. `threshold`: octets there before it begins.
    void buffer(const ref<frame>&, std::uint32_t octets, std::uint32_t threshold, const span& words, unsigned word_octets, ps at);
    ps room_for(std::uint32_t octets, ps edge) { return path_.room_for(octets, edge); }

    // Frames that the nic makes itself, behind the same FIFO, between two of the command unit's: one that is whole, a word a clock. Not with a crypto
    // block, whose frame buffer is the MAC's.
    ps room_for_made(std::uint32_t octets, ps at) { return path_.incomplete() || !path_.fits(octets) ? never : path_.room_for(octets, at); }
    void add_made(const ref<frame>&, std::uint32_t octets, ps at);
    void on_made_room(std::function<void(ps)> f) { made_room_ = std::move(f); }

    // The FIFO as the command unit loads it.
    transmit_path& fifo();
    bool fits(std::uint32_t bytes) { return fifo().fits(bytes) && path_.fits(bytes); }
    transmit_path& path() { return path_; }
    void open(const ref<frame>&, std::uint32_t bytes, std::uint32_t threshold);
    void planned(const pci::transfer&, std::uint32_t first);
    void give(std::uint32_t first, ps at);
    void loaded(ps at);
    void left_fifo(ps at);                           // there is room again
    bool take_underrun() { return std::exchange(underrun_, false); }    // since the last call: bit U of the next status

    void step(ps at);                                // timer
    // A frame that the owner counts as the host's still goes without a word; what is on the wire, the wire ends.
    void reset(ps at, trace_id hosts);
    bool waits(trace_id) const;                      // nothing of it is on the wire yet
    void claim(const sim::station::claim&) const;    // frames that have not left
    bool has(trace_id) const;                        // one of them

private:
    void arm();
    void sample(ps at);
    void finish(transmit_step, ps at);
    void sent(const ref<frame>&, ps first_octet, ps at);
    void broken(transmit_step, const ref<frame>&, ps first_octet, ps at);
    void forget_low_priority_pause(ps at);
    void begin_control(ps at);                       // models/nic/mac/flow_control.cpp
    void end_control(ps at);
    void count_medium(transmit_step, ps at);         // models/nic/mac/half_duplex.cpp
    void count_priority(ps at);
    void tell_waiting();
    void count_lost_arp();
    ref<frame> jammed(const frame&, std::uint32_t bytes) const;
    void copy_for_retry(const frame&, ps at);
    void lost_in_collision(const frame&, const outcome_info&, ps at);

    chip& chip_;
    crypto_transmit* crypto_ = nullptr;
    transmit_path path_;
    wire::medium_access medium_;
    bool half_duplex_ = false;
    ps waits_since_ = never;                         // as the link was told
    std::function<void(bool)> duplex_;
    std::function<void(std::uint16_t, ps)> pause_sent_;
    std::function<void(ps)> paused_low_;
    pause_span low_;                                 // of the low priority queue alone
    ref<frame> control_;                             // on the wire
    std::uint16_t quanta_ = 0;                       // of the one that waits or passes
    wire::wire_source* out_ = nullptr;
    std::function<void(ps)> room_, made_room_;
    std::function<void(const frame&, const ref<frame>&)> copied_;
    bool underrun_ = false;
};

}  // namespace nicteam::nic
