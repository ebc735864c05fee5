// From receiver IP logic 22b to whoever stores packets. What passes at a word's edge is taken octet by octet in the clock behind it. A packet that
// the sink has never room for stalls at the last word that it may hold, and resumes behind an edge that sees more room; one that is cut for the host
// passes piece by piece.
#pragma once

#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/receiver_ip_logic_22b.h"
#include "offload/carried.h"

namespace nicteam::offload {

class outlet : public timed, public stream_sink {
public:
    outlet(clock_domain clock, unsigned word_octets, receive_block_user& u) : clock_(clock), word_octets_(word_octets), user_(u) {}
    void connect(receiver_ip_logic_22b& s) { source_ = &s; }

    void offers_changed(ps at) override;                 // or there is room again
    ps next() const override;
    void advance(ps at) override;
    template <class F> void for_each(F f) const {        // ids; behind its first word a packet is the user's
        for (std::size_t n = piece_ + begun_; present_ && n < present_->pieces.size(); ++n) f(present_->pieces[n].frame->id);
    }

private:
    void take(ps at);
    void grant(ps from, ps at);
    const delivered& now() const { return present_->pieces[piece_]; }
    std::uint32_t octets() const;

    clock_domain clock_;
    unsigned word_octets_;
    receive_block_user& user_;
    receiver_ip_logic_22b* source_ = nullptr;
    ref<carried> present_;
    std::size_t piece_ = 0;              // of it
    bool begun_ = false;
    std::uint32_t granted_ = 0;          // octets of the piece that may pass
    ps first_ = never, last_ = never;    // words of the piece: the first, and the last that may pass
    span octets_;
    ps not_before_ = 0;                  // of the next take, or of the next piece; `never`: until there is room
};

}  // namespace nicteam::offload
