// Receiver IP logic 22b as a block with time: reassembly, the check of the transport header, and where a packet goes next: into its
// context, into buffer 140 and back, or out. What is done to octets is the control logic's (control_logic.h).
#pragma once

#include <functional>

#include "nicteam/offload/choices.h"
#include "nicteam/offload/feedback_buffer_140.h"
#include "nicteam/offload/stream.h"

namespace nicteam::offload {

struct transport_work {
    next_stop next = next_stop::deliver;
    std::uint32_t clocks = 0;             // behind the packet's last word
};

class receiver_ip_logic_22b : public timed, public stream_sink, public stream_source {
public:
    struct setup {
        clock_domain clock{30'000};
        unsigned word_octets = 4;
        feedback_full when_full = feedback_full::hold_off;
        unsigned most_in_loop = 0;        // datagrams that it fed back and that have not come back, before it takes what came forward; 0: any
    };
    using visit = std::function<transport_work(item&, ps)>;
    using dropped = std::function<void(item&, ps)>;      // for want of room in buffer 140
    using observer = std::function<void(item&, ps, next_stop)>;

    receiver_ip_logic_22b(const setup& s, visit v, dropped d) : setup_(s), visit_(std::move(v)), dropped_(std::move(d)) {}
    void watch(observer o) { observer_ = std::move(o); } // told when a packet has left for its context, for buffer 140 or for the output
    void connect(stream_source& input, feedback_buffer_140& back, stream_sink& output) { sources_[0] = &input, back_ = &back, sink_ = &output; }
    // When several wait they take turns.
    void connect_past_21a(stream_source& s) { sources_[1] = &s; }
    void connect_returned(stream_source& s) { sources_[2] = &s; }      // over path 152

    void offers_changed(ps at) override;                 // at the input; room in buffer 140
    ps offered() const override { return out_ ? offered_ : never; }
    item_ref take(ps at) override;
    void replan(ps last_word);                           // of what leaves: the sink stalls, or resumes
    ps next() const override { return next_; }
    void advance(ps at) override;

    enum class state : std::uint8_t { idle, receiving, working, waits_for_140, waits_for_output };
    state now() const { return state_; }
    std::uint32_t octets_offered() const { return out_ ? out_->octets : 0; }
    template <class F> void for_each(F f) const {
        if (in_) f(*in_);
        if (out_) f(*out_);
    }

private:
    void plan();
    void settle(ps at);
    bool listens(unsigned source) const { return sources_[source] && !(source == forward && setup_.most_in_loop && in_loop_ >= setup_.most_in_loop); }
    stream_source* chosen(ps at);
    void wait(state, bool seen_later, ps at);

    setup setup_;
    visit visit_;
    dropped dropped_;
    observer observer_;
    enum : unsigned { forward, past, returned, inputs };
    stream_source* sources_[inputs] = {};
    unsigned last_ = past, in_loop_ = 0;
    feedback_buffer_140* back_ = nullptr;
    stream_sink* sink_ = nullptr;
    state state_ = state::idle;
    item_ref in_, out_;                   // `out_`: offered
    under_way leaving_;
    transport_work work_;
    ps settles_ = never;                  // the next try to hand the packet on
    ps input_free_ = 0;
    ps offered_ = never, output_left_ = -1, changed_ = -1;
    ps next_ = never;
};

}  // namespace nicteam::offload
