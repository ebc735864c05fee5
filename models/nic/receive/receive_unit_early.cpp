// What software may know of a frame before its end: the early receive interrupt and the receive DMA byte count (SDM 6.3.6, 6.3.7,
// docs/decisions/0031-header-descriptors-and-early-receive.md).
#include "nic/receive/receive_unit.h"

#include <algorithm>

#include "nic/receive/early_receive.h"

namespace nicteam::nic {

std::uint32_t receive_unit::early_at() const {
    return early_receive_at(path_.front().data->data, early_, chip_.setup.get(field::type_enable));
}

// It is told at the edge that sees the word pass. A burst may still end early: then another one brings it.
void receive_unit::watch_early() {
    if (early_told_) return;
    const std::uint32_t n = early_at();
    if (n == UINT32_MAX) return;
    const ps passes = path_.out_of(n - 1);
    if (passes != never) chip_.timers.set(receive_timer, std::max(passes + chip_.clock(), sim::now()));
}

void receive_unit::tell_early(ps at) {
    if (early_told_ || !early_ || !have_ || path_.empty() || path_.in_memory(at) < early_at()) return;
    early_told_ = true;
    chip_.irq.raise(at, er_cause);
}

std::uint32_t receive_unit::room_left(ps at) const {
    if (at <= stopped_at_) return room_then_;
    if (!have_) return 0;
    const std::uint32_t in = path_.in_memory(at);
    return area_.bytes - std::min(area_.bytes, in - std::min(in, area_.first));
}

void receive_unit::keep_room_left(ps at) {
    room_then_ = room_left(at);
    stopped_at_ = at;
}

}  // namespace nicteam::nic
