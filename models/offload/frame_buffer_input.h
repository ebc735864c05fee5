// From IPsec logic 21a, transmit side, into the frame buffer: a packet is taken when there is room for the whole of it.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>

#include "nicteam/offload/ipsec_logic_21a.h"

namespace nicteam::offload {

class frame_buffer_input : public timed, public stream_sink {
public:
    using room = std::function<ps(std::uint32_t octets, ps edge)>;      // the first edge from `edge` on with so much; `never`: until there is news
    using taken = std::function<void(item_ref, ps)>;                    // its words have their plan

    frame_buffer_input(clock_domain clock, room r, taken t) : clock_(clock), room_(std::move(r)), taken_(std::move(t)) {}
    void connect(sized_source& s) { source_ = &s; }

    void offers_changed(ps at) override { not_before_ = std::min(not_before_, clock_.after(at)); }      // or there is news of room
    ps next() const override {
        const ps offered = source_->offered();
        if (offered == never || not_before_ == never) return never;
        return std::max({clock_.after(offered), not_before_, free_});
    }
    void advance(ps at) override {
        if (!source_->ready(at)) {
            not_before_ = never;
            return;
        }
        not_before_ = room_(source_->octets_offered(), at);
        if (not_before_ != at) return;
        item_ref p = source_->take(at);
        free_ = p->words.last();
        taken_(std::move(p), at);
    }

private:
    clock_domain clock_;
    room room_;
    taken taken_;
    sized_source* source_ = nullptr;
    ps free_ = 0;                        // the last word of what passes
    ps not_before_ = 0;                  // of the next take; `never`: until there is news
};

}  // namespace nicteam::offload
