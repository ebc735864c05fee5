// Where the transmit FIFO ends: frames that are whole in it wait for transmitter IP logic 22a. Their room is free when their last word
// has left. Beside it a register holds a frame that a job made: it waits in the same line, behind what came at the same edge.
#pragma once

#include <deque>
#include <functional>

#include "nicteam/base/clock_domain.h"
#include "nicteam/offload/stream.h"

namespace nicteam::offload {

class transmit_fifo_output : public timed, public stream_source {
public:
    struct setup {
        clock_domain clock{30'000};       // of the block
        unsigned word_octets = 4;
        unsigned crossing = 2;            // edges of the block's clock from the last octet until the frame is seen whole
    };
    using left = std::function<void(ps)>;                // the oldest frame has, with its last word

    transmit_fifo_output(const setup& s, left l) : setup_(s), left_(std::move(l)) {}
    void connect(stream_sink& logic_22a) { sink_ = &logic_22a; }

    void add(item_ref, ps at);                           // its last octet has come
    bool takes_made() const { return !made_waits_; }
    void add_made(item_ref, ps at);                      // of a job; on_made_taken() tells when there is room for the next
    void on_made_taken(left f) { made_taken_ = std::move(f); }
    ps offered() const override;
    item_ref take(ps at) override;
    ps next() const override { return leaving_.last; }
    void advance(ps at) override;

    std::size_t waiting() const { return queue_.size(); }
    template <class F> void for_each(F f) const {
        for (const waits& w : queue_) f(*w.packet);
    }

private:
    struct waits {
        item_ref packet;
        ps whole = never;                                // seen so
        bool made = false;                               // by a job
    };
    setup setup_;
    left left_, made_taken_;
    bool made_waits_ = false, made_leaves_ = false;
    stream_sink* sink_ = nullptr;
    std::deque<waits> queue_;
    under_way leaving_;
    ps taken_ = -1;
};

}  // namespace nicteam::offload
