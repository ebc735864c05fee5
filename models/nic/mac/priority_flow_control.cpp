#include "nic/mac/priority_flow_control.h"

#include <algorithm>

#include "nic/crossing.h"
#include "nic/transmit/command_unit.h"

namespace nicteam::nic {
namespace {

constexpr unsigned near_octet = 19, far_octet = 31;      // of the frame, its first octet being 0: where the number of the queue is
constexpr unsigned priority_mask = 7;

}  // namespace

bool is_pause_low(const configuration& c, const bytes& frame) {
    const unsigned priority = frame[c.get(field::priority_location) ? far_octet : near_octet] & priority_mask;
    return priority > c.get(field::priority_flow_control);
}

ps transmitter::low_priority_free(ps edge) const {
    if (low_.until == 0) return edge;
    const clock_domain& pci = chip_.bus.clock();
    if (edge < pci.after(low_.from, edges_to_cross)) return edge;
    return std::max(edge, pci.after(low_.until, edges_to_cross));
}

void transmitter::forget_low_priority_pause(ps at) {
    if (low_.until == 0) return;
    low_ = {};
    paused_low_(at);
}

// ---------------------------------------------------------------- the command unit's part
// The micromachine has read the block and does not act on it. What went into the FIFO goes out.
bool command_unit::held_low(ps at) {
    const bool through_block = block_.what == opcode::through_block && transmitter_.crypto();
    if (block_.what != opcode::transmit && block_.what != opcode::ipcb && !through_block) return false;
    const ps free = transmitter_.low_priority_free(at);
    if (free == at) return false;
    phase_ = phase::held;
    chip_.timers.set(low_priority_timer, free);
    return true;
}

void command_unit::paused_low(ps at) {
    if (phase_ == phase::held) chip_.timers.set(low_priority_timer, transmitter_.low_priority_free(chip_.bus.clock().after(at)));
}

}  // namespace nicteam::nic
