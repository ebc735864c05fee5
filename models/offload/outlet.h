// From receiver IP logic 22b to whoever stores packets. What passes at a word's edge is taken octet by octet in the clock behind it.
#pragma once

#include <algorithm>

#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/receiver_ip_logic_22b.h"
#include "offload/carried.h"

namespace nicteam::offload {

class outlet : public timed, public stream_sink {
public:
    outlet(clock_domain clock, unsigned word_octets, receive_block_user& u) : clock_(clock), word_octets_(word_octets), user_(u) {}
    void connect(receiver_ip_logic_22b& s) { source_ = &s; }

    void offers_changed(ps at) override { not_before_ = clock_.after(at); }      // or there is room again
    ps next() const override {
        if (present_) return begun_ ? octets_.last() : present_->words.first();
        const ps offered = source_->offered();
        return offered == never || not_before_ == never ? never : std::max(clock_.after(offered), not_before_);
    }
    void advance(ps at) override {
        if (!present_) return take(at);
        const delivered& d = static_cast<const carried&>(*present_).result;
        if (!begun_) {
            begun_ = true;
            octets_.clear();
            octets_.append({at, clock_.period() / static_cast<ps>(word_octets_), present_->octets});
            return user_.comes(d, octets_, at);
        }
        begun_ = false;
        const item_ref done = std::move(present_);
        present_ = {};
        not_before_ = clock_.after(at);
        user_.came(static_cast<const carried&>(*done).result, at);
    }
    template <class F> void for_each(F f) const {
        if (present_ && !begun_) f(*present_);       // behind its first word it is the user's
    }

private:
    void take(ps at) {
        if (!source_->ready(at)) return;
        if (!user_.has_room(source_->octets_offered(), at)) not_before_ = never;
        else present_ = source_->take(at);
    }

    clock_domain clock_;
    unsigned word_octets_;
    receive_block_user& user_;
    receiver_ip_logic_22b* source_ = nullptr;
    item_ref present_;
    span octets_;
    bool begun_ = false;
    ps not_before_ = 0;                  // of the next take; `never`: until there is room
};

}  // namespace nicteam::offload
