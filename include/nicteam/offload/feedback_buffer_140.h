// Buffer 140 on the feedback path 110: whole datagrams that wait to go back to IPsec logic 21a. It is the memory in which receiver
// IP logic 22b put their fragments together: nothing is copied, and a datagram's place is free when its last word has left. With no place it is path 110 alone: 22b keeps the
// datagram, and holds off, until its last word has left.
#pragma once

#include <algorithm>
#include <deque>

#include "nicteam/base/clock_domain.h"
#include "nicteam/offload/stream.h"

namespace nicteam::offload {

class feedback_buffer_140 : public timed, public stream_source {
public:
    feedback_buffer_140(clock_domain clock, unsigned word_octets, unsigned datagrams, maybe_link link = {})
        : clock_(clock), word_octets_(word_octets), places_(datagrams), link_(std::move(link)) {}
    void connect(stream_sink& input_122, stream_sink& waits_for_room) { sink_ = &input_122, behind_ = &waits_for_room; }

    bool room(ps at) const { return held(at) < std::max(1u, places_); }      // as an edge sees it
    unsigned free(ps at) const { return places_ > held(at) ? places_ - held(at) : 0; }
    bool holds_off() const { return places_ == 0; }
    bool leaving() const { return static_cast<bool>(leaving_); }
    void put(item_ref, ps at);                                 // room(at)

    ps offered() const override { return waiting_.empty() ? never : offered_; }
    item_ref take(ps at) override;
    ps next() const override { return leaving_.last; }
    void advance(ps at) override;                              // the last word of a datagram leaves

    unsigned waiting() const { return static_cast<unsigned>(waiting_.size()); }
    template <class F> void for_each(F f) const {
        for (const item_ref& p : waiting_) f(*p);
    }
    unsigned held(ps at) const { return static_cast<unsigned>(waiting_.size()) + (leaving_ ? 1u : 0u) + (left_ == at ? 1u : 0u) - (put_ == at ? 1u : 0u); }

private:
    clock_domain clock_;
    unsigned word_octets_, places_;
    maybe_link link_;                                          // to the chip of 21a
    stream_sink *sink_ = nullptr, *behind_ = nullptr;
    std::deque<item_ref> waiting_;
    under_way leaving_;
    ps offered_ = never, left_ = -1, put_ = -1;
};

}  // namespace nicteam::offload
