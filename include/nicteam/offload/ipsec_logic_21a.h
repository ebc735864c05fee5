// IPsec logic 21a as a block with time: packets come in at input 124, or at input 150 beside it, wait for their association and for
// engines, and leave in the order in which their last words came. What is done to their octets is the control logic's (control_logic.h).
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "nicteam/offload/engine_pool.h"
#include "nicteam/offload/multiplexer_120.h"
#include "nicteam/offload/stream.h"

namespace nicteam::offload {

// What a visit takes.
struct security_work {
    std::uint32_t lookup = 0;             // clocks, before the engines
    std::vector<engine_work> engines;     // one after the other: an association each
    bool waits = false;                   // … not before go_on(): for what is fetched from elsewhere
};

class ipsec_logic_21a : public timed, public stream_sink, public sized_source {
public:
    struct setup {
        clock_domain clock{30'000};
        unsigned word_octets = 4;
        unsigned places = 2;              // packets inside, from their take to their last word out
        std::vector<unsigned> engines{1, 1};      // of each group: engine_pool.h
        maybe_link link{};                // from its chip to that of its sinks
        engine_pool* shared = nullptr;    // these instead, which others ask too: whoever drives both says who asks first at an edge
    };
    // `visit`: called when a packet is whole inside; changes the item into what leaves.
    using visit = std::function<security_work(item&, ps)>;

    ipsec_logic_21a(const setup&, visit);
    void connect(stream_source& input_124, stream_sink& output) { inputs_.push_back({&input_124}), sink_ = &output; }
    // Both inputs take words at once; who gets the last place, or the first of two, is the policy's to say.
    void connect_150(stream_source& s, const multiplexer_policy& p) { inputs_.push_back({&s}), policy_ = &p; }

    void offers_changed(ps at) override;
    void replans(const item&) override;
    void aborts(const item&, ps passes) override;
    ps offered() const override { return offered_; }
    item_ref take(ps at) override;
    ps next() const override { return next_; }
    void advance(ps at) override;

    // The packet that waits goes to its engines at this edge, those behind it follow; `given_up`: it goes on without.
    void go_on(ps edge, bool given_up);
    item* waiting() const;

    bool receiving(ps at) const { return receives(0, at) || receives(1, at); }      // words of a packet come in behind this instant
    bool receives(unsigned input, ps at) const { return input < inputs_.size() && inputs_[input].free > at; }      // 0: 124, 1: 150
    std::uint32_t octets_offered() const override { return next_out() ? next_out()->octets : 0; }
    const item* next_out() const {               // what is offered, or will be next
        for (const place& p : inside_)
            if (p.left == never) return p.packet.get();
        return nullptr;
    }
    // Every place is taken and nothing leaves: the first one must, before anything comes in.
    bool full_behind(bool received) const { return inside_.size() == setup_.places && inside_.front().left == never && inside_.front().packet->came_in == received; }
    // Made anew at this instant: what has been offered for long is seen at the next edge.
    void begins(ps at);
    // Those that were received go, as by a reset of their own.
    void forget_received(ps at);
    unsigned held() const { return static_cast<unsigned>(inside_.size()); }
    template <class F> void for_each(F f) const {
        for (const place& p : inside_)
            if (p.packet && !p.packet->bad) f(*p.packet);
    }
    // Free places as an edge sees them.
    unsigned free(ps at) const { return setup_.places - static_cast<unsigned>(inside_.size()) - (left_ == at ? leave_ : 0u); }
    // What comes in may still be aborted.
    bool undecided() const { return late_; }
    // Told of each start and end of work; for probes and for comparisons.
    struct observer {
        virtual ~observer() = default;
        virtual void worked(const item&, ps started, ps done) {}
    };
    void watch(observer* o) { observer_ = o; }

private:
    struct place {
        item_ref packet;
        ps whole = never, done = never, left = never;      // its last word in, its work, its last word out
        ps turn = never;                  // … and has waited: from when on it is worked on
        bool looked_up = false;
        std::vector<engine_work> work;    // … for this
    };
    struct input {
        stream_source* source;
        ps free = 0;                      // the last word of the packet that comes in
        ps not_before = 0;                // of the next take; `never`: until an offer changes
    };
    static ps due(const place& p) { return p.looked_up ? p.turn : p.whole; }
    void plan();
    ps may_take(const input&) const;      // the edge of the next take by present knowledge
    void work_on(place&, ps at);
    void offer_next(ps at);
    void take_next(ps at);
    input* chosen(ps at);
    void take(input&, ps at);
    void comes_free(ps at);
    void late_ends(const item&, ps last);
    void drop_aborted(ps at);

    setup setup_;
    visit visit_;
    engine_pool own_;
    engine_pool& engines_;
    std::deque<place> inside_;            // in order of their last words in
    std::vector<input> inputs_;
    const multiplexer_policy* policy_ = nullptr;
    multiplexer_input last_ = multiplexer_input::feedforward_130;
    stream_sink* sink_ = nullptr;
    observer* observer_ = nullptr;
    ps left_ = -1, full_until_ = -1;      // when places came free last, and when none was before
    unsigned leave_ = 0;                  // … so many
    bool late_ = false;                   // what comes in has no last word yet, or will have none
    ps offered_ = never, output_taken_ = -1;
    ps changed_ = -1;                     // the latest change of an offer
    ps next_ = never;
};

}  // namespace nicteam::offload
