#include "nicteam/host/lock.h"

#include <stdexcept>

#include "nicteam/sim/session.h"

namespace nicteam::host {

void lock::acquire(cpu_core& c) {
    if (holder_ == &c) throw std::logic_error(std::string(name()) + ": a CPU asks for a lock that it holds");
    c.spend(of(cost::lock_acquire));
    c.mask_interrupts();
    c.catch_up();
    if (!holder_) {
        holder_ = &c;
        return;
    }
    waiting_.push_back(&c);
    c.spin_until(handed_over_, [this, &c] { return holder_ == &c; });
}

void lock::release(cpu_core& c) {
    if (holder_ != &c) throw std::logic_error(std::string(name()) + ": a CPU gives back a lock that it does not hold");
    c.spend(of(cost::lock_release));
    c.catch_up();
    holder_ = nullptr;
    if (!waiting_.empty()) {
        holder_ = waiting_.front();
        waiting_.pop_front();
        handed_over_.notify(sc_core::SC_ZERO_TIME);
    }
    c.unmask_interrupts();
}

}  // namespace nicteam::host
