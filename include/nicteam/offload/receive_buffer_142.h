// Buffer 142 behind the receiver network interface 16b: a frame comes in octet by octet with the MAC's clock and waits, whole, for
// multiplexer 120; one that needs no IPsec may wait for receiver IP logic 22b instead, past 21a (source document 004, 26). A frame's room is
// free when its last word has left. One that finds no room is lost whole.
// With cut-through a frame is offered behind its first octets, while the rest comes in: docs/decisions/0122.
// Without the buffer 16b has a register for the frame that it judges, filled again behind the words that leave: what comes while it holds off
// is lost whole, for a wire cannot be held off.
#pragma once

#include <deque>
#include <functional>

#include "nicteam/base/clock_domain.h"
#include "nicteam/offload/stream.h"

namespace nicteam::offload {

class receive_buffer_142 : public timed {
public:
    struct setup {
        clock_domain clock{30'000};       // of the block
        unsigned word_octets = 4;
        std::uint32_t octets = 4'096;     // of the buffer; 0: none
        unsigned crossing = 2;            // edges of the block's clock from the last octet until the frame is seen whole
        bool sorts = false;               // by what the headers show, which is known with the last of `head` octets
        std::uint32_t kept = 0;           // of the octets, those that only what goes past 21a may take
        maybe_link link{}, link_past{};   // to the chip of 21a, and to that of 22b
        std::uint32_t cut_through = 0;    // octets behind which a frame for multiplexer 120 is offered; 0: when it is whole
    };
    static constexpr std::uint32_t head = 64;
    using dropped = std::function<void(item&, ps)>;
    // Of a frame that was taken before its end: its words have their plan, or it is aborted at edge `passes` (else `never`).
    using ended_late = std::function<void(item&, ps passes)>;

    receive_buffer_142(const setup& s, dropped d, ended_late e = {}) : setup_(s), dropped_(std::move(d)), ended_late_(std::move(e)) {}
    void connect(stream_sink& input_130) { to_130_.sink = &input_130; }
    void connect_past_21a(stream_sink& s) { past_21a_.sink = &s; }
    stream_source& output_130() { return to_130_; }
    stream_source& output_past_21a() { return past_21a_; }

    // From the MAC. `octets` begins with the destination address; one frame after the other. Its item says which way it goes.
    void begin(item_ref, const span& octets, ps at);
    void replan(const span& octets, ps at);      // of the frame that comes in: the link changed its mind
    void end(bool good, ps at);           // the last octet's edge. Not good: the frame goes
    bool arriving() const { return static_cast<bool>(arriving_); }      // and has found room so far
    bool passing() const { return passes_; }                            // … and has been taken
    bool leaving() const { return to_130_.leaving || past_21a_.leaving; }      // words of a frame do
    const item_ref& arrives() const { return arriving_; }

    ps next() const override;
    void advance(ps at) override;

    std::uint32_t level(ps at) const;     // octets held, behind this instant
    ps reaches(std::uint32_t octets) const;      // when the octet comes that makes it hold so many, by present plans; at or before now: it does
    template <class F> void for_each(F f) const {
        if (arriving_ && !passes_) f(*arriving_);
        for (const output* o : {&to_130_, &past_21a_})
            for (const waiting& w : o->queue)
                if (!w.packet->bad) f(*w.packet);
    }

private:
    struct waiting {
        item_ref packet;
        ps whole = never;                 // seen so; or, with cut-through, its first octets
        ps ended = never;                 // … when its last octet passed, of which more may be to be seen
        ps gone = never;                  // bad: the first edge that does not see it
        span octets{};                    // … its own
    };
    struct output : stream_source {
        output(receive_buffer_142& b, const maybe_link& l) : buffer(b), link(l) {}
        ps offered() const override;
        bool ready(ps at) const override;
        item_ref take(ps at) override;

        receive_buffer_142& buffer;
        const maybe_link& link;
        stream_sink* sink = nullptr;
        std::deque<waiting> queue;
        under_way leaving;
        std::uint32_t used = 0;           // octets of whole frames
        ps taken = -1;
    };
    output& way_of(const item& i) { return i.past_21a ? past_21a_ : to_130_; }
    void find_overrun();
    ps overtaken() const;
    // Cut-through.
    ps seen(ps octet) const { return setup_.clock.after(octet, setup_.crossing); }
    ps offered_early() const;             // what comes in, by present plans
    item_ref take_early(ps at);
    void finish_late(item& p, ps at);
    void give_up(const item_ref&, ps early, ps at);
    void forget_gone(ps at);

    setup setup_;
    dropped dropped_;
    ended_late ended_late_;
    output to_130_{*this, setup_.link}, past_21a_{*this, setup_.link_past};
    span leaving_words_;                  // kept only without the buffer
    item_ref arriving_;
    span octets_;                         // of what arrives
    ps overrun_ = never;
    bool passes_ = false;                 // what arrives has been taken
    ps taken_early_ = -1;                 // … when
    ps gone_ = never;                     // of the oldest bad one
};

}  // namespace nicteam::offload
