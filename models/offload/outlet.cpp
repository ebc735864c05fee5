#include "offload/outlet.h"

#include <algorithm>
#include <utility>

#include "nicteam/packet/fcs.h"

namespace nicteam::offload {
namespace {
constexpr ps far = 1'000 * second;       // where what is not planned yet lies
}

std::uint32_t outlet::octets() const { return static_cast<std::uint32_t>(now().frame->data.size() - packet::fcs_octets + now().record.octets()); }

void outlet::offers_changed(ps at) {
    not_before_ = clock_.after(at);
    if (begun_ && granted_ < octets()) grant(clock_.after(at, 2), at);
}

ps outlet::next() const {
    if (present_ && begun_) return granted_ < octets() ? never : octets_.last();
    if (present_ && first_ != never) return first_;
    if (not_before_ == never) return never;
    if (present_) return not_before_;
    const ps offered = source_->offered();
    return offered == never ? never : std::max(clock_.after(offered), not_before_);
}

void outlet::advance(ps at) {
    if (present_ && begun_) {
        user_.came(now(), at);
        begun_ = false;
        first_ = never;
        not_before_ = clock_.after(at);
        if (++piece_ == present_->pieces.size()) present_ = {};
        return;
    }
    if (present_ && first_ == at) {
        begun_ = true;
        octets_.clear();
        grant(at, at);
        return user_.comes(now(), octets_, at);
    }
    take(at);
}

// An edge that sees an offer, or that a piece is still to pass.
void outlet::take(ps at) {
    if (!present_ && !source_->ready(at)) return;
    if (!user_.has_room(present_ ? octets() : source_->octets_offered(), at)) {
        not_before_ = never;
        return;
    }
    if (!present_) {
        const item_ref p = source_->take(at);
        present_ = ref<carried>(static_cast<carried*>(p.get()));
        piece_ = 0;
    }
    first_ = clock_.after(at);
    granted_ = 0;
    source_->replan(stalled);
    if (present_->pieces.size() == 1 && user_.may_hold(octets(), at) >= octets()) source_->replan(present_->words.last());
}

// Words from edge `from` on, or behind those that pass already.
void outlet::grant(ps from, ps at) {
    const std::uint32_t all = octets();
    std::uint32_t may = std::min(all, user_.may_hold(all, at));
    if (may < all) may -= may % word_octets_;
    if (may <= granted_) return;
    const auto words = [this](std::uint32_t n) { return static_cast<ps>((n + word_octets_ - 1) / word_octets_); };
    const bool resumes = granted_;
    if (resumes) from = std::max(from, last_ + clock_.period());
    span planned;
    const ps stride = clock_.period() / static_cast<ps>(word_octets_);
    for (run r : octets_.runs()) {
        r.units = static_cast<std::uint32_t>(std::min<std::uint64_t>(r.units, granted_ - planned.units()));
        planned.append(r);
    }
    planned.append({from, stride, may - granted_});
    last_ = from + clock_.period() * (words(may) - words(granted_) - 1);
    granted_ = may;
    if (may < all) planned.append({at + far, stride, all - may});
    octets_ = planned;
    if (granted_ == all && piece_ + 1 == present_->pieces.size()) source_->replan(last_);
    if (resumes) user_.replans(octets_, at);
}

}  // namespace nicteam::offload
