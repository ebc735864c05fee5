#include "nic/receive/receive_bundle.h"

namespace nicteam::nic {

// A frame that comes at the instant at which the time is over begins a bundle of its own.
void receive_bundle::take(trace_id id, ps at) {
    due(at);
    held_.push_back(id);
    if (held_.size() >= chip_.config.bundle_frames) return tell(at);
    if (held_.size() > 1) return;
    until_ = at + chip_.config.bundle_time;
    chip_.timers.set(bundle_timer, until_);
}

void receive_bundle::due(ps at) {
    if (at >= until_) tell(at);
}

void receive_bundle::reset() {
    held_.clear();
    until_ = never;
    chip_.timers.clear(bundle_timer);
}

void receive_bundle::tell(ps at) {
    for (const trace_id id : held_) chip_.station.passed(id, row(interrupt_stage), at);
    reset();
    chip_.irq.raise(at, fr_cause);
}

}  // namespace nicteam::nic
