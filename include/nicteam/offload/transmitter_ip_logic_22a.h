// Transmitter IP logic 22a as a block with time: takes a packet from the transmit FIFO, packages it (checksums stand in front of what they
// cover, so it must be whole), and offers it to IPsec logic 21a. One comes in at a time; the one before may still be leaving.
#pragma once

#include <functional>

#include "nicteam/base/clock_domain.h"
#include "nicteam/offload/stream.h"

namespace nicteam::offload {

class transmitter_ip_logic_22a : public timed, public stream_sink, public stream_source {
public:
    struct setup {
        clock_domain clock{30'000};
        unsigned word_octets = 4;
        std::uint32_t clocks = 4;                        // behind a packet's last word
        maybe_link link{};                               // to the chip of 21a
    };
    using packaged = std::function<void(item&, ps)>;     // told when it is done with one

    transmitter_ip_logic_22a(const setup& s, packaged p) : setup_(s), packaged_(std::move(p)) {}
    void connect(stream_source& fifo, stream_sink& logic_21a) { source_ = &fifo, sink_ = &logic_21a; }

    void offers_changed(ps) override { plan(); }
    ps offered() const override { return out_ ? offered_ : never; }
    item_ref take(ps at) override;
    ps next() const override { return next_; }
    void advance(ps at) override;

    enum class state : std::uint8_t { idle, receiving, working, waits_for_21a };
    state now() const { return state_; }
    template <class F> void for_each(F f) const {
        if (in_) f(*in_);
        if (out_) f(*out_);
    }

private:
    void plan();
    void offer(ps at);

    setup setup_;
    packaged packaged_;
    stream_source* source_ = nullptr;
    stream_sink* sink_ = nullptr;
    state state_ = state::idle;
    item_ref in_, out_;                                  // `out_`: offered
    under_way leaving_;
    ps done_ = never;                                    // the next try to offer it
    ps input_free_ = 0, offered_ = never, output_left_ = -1;
    ps next_ = never;
};

}  // namespace nicteam::offload
