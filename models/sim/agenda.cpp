#include "nicteam/sim/agenda.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace nicteam::sim {

agenda::agenda(sc_core::sc_module_name name, agenda_user& user, unsigned slots)
    : sc_module(name), user_(user), at_(slots, never) {
    SC_METHOD(fire);
    sensitive << event_;
    dont_initialize();
}

void agenda::change(unsigned slot, ps at) {
    at_[slot] = at;
    if (!firing_) arm();
}

void agenda::arm() {
    const ps next = at_.size() == 1 ? at_.front() : *std::min_element(at_.begin(), at_.end());
    if (next == armed_) return;
    const ps t = now();
    if (next < t) throw std::logic_error(std::string(name()) + ": a timer was set to an instant that has passed");
    if (armed_ != never) event_.cancel();
    armed_ = next;
    if (next != never) event_.notify(to_sc_time(next - t));
}

void agenda::fire() {
    armed_ = never;
    call(now());
}

void agenda::serve() {
    if (!firing_ && armed_ == now()) call(armed_);
}

void agenda::call(ps t) {
    firing_ = true;
    for (unsigned slot = 0; slot < at_.size(); ++slot) {
        if (at_[slot] != t) continue;
        at_[slot] = never;
        user_.due(slot, t);
    }
    firing_ = false;
    arm();
}

}  // namespace nicteam::sim
