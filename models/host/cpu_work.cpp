#include <utility>

#include "host/cpu_core.h"
#include "nicteam/host/lock.h"

namespace nicteam::host {

void cpu_core::post(ps at, std::function<void(cpu&)> work) {
    machinery& m = *machinery_;
    m.work.push_back({at, m.posted++, std::move(work)});
    std::push_heap(m.work.begin(), m.work.end());
    if (m.waiting && m.depth == 0) m.wake.notify(sim::to_sc_time(std::max(m.clock.at_or_after(at), sim::now()) - sim::now()));
}

void cpu_core::share(lock& l) { machinery_->shared = &l; }

void cpu_core::run() {
    machinery& m = *machinery_;
    m.resume(0);
    for (;;) {
        if (m.work.empty() || m.work.front().at > m.local) {
            m.idle();
            continue;
        }
        std::pop_heap(m.work.begin(), m.work.end());
        m.doing = std::move(m.work.back().work);      // not on this stack, which is dropped as it is when a run ends
        m.work.pop_back();
        m.busy.set(m.local, 1);
        m.show(cpu_state::busy);
        m.count(cpu_metric::work);
        spend(of(cost::dispatch));
        if (m.shared) {
            m.shared->acquire(*this);
            unmask_interrupts();                      // it keeps other CPUs' work out, not this one's handlers
        }
        m.doing(*this);
        if (m.shared) {
            mask_interrupts();
            m.shared->release(*this);
        }
        m.run_to_local();
    }
}

// Nothing to do at this edge: until work is due, or an interrupt has been served.
void cpu_core::machinery::idle() {
    busy.set(local, 0);
    show(cpu_state::idle);
    waiting = true;
    for (;;) {
        const ps k = sim::now();
        local = k;
        if (stand_still()) break;
        if (const unsigned line = line_at(k); line < interrupt_lines) {
            waiting = false;
            busy.set(k, 1);
            take(line);
            break;
        }
        const ps due = work.empty() ? never : clock.at_or_after(work.front().at);
        if (due <= k) break;
        const ps next = std::min(due, next_event(clock.after(k)));
        // Set once and left alone while interrupts come and go: what is cancelled stays in the kernel's queue until its time.
        if (next != alarm_at) {
            alarm.cancel();
            alarm_at = next;
            if (next != never) alarm.notify(sim::to_sc_time(next - k));
        }
        sc_core::wait(wake_or_alarm);
    }
    waiting = false;
    local = sim::now();
}

void cpu_core::wait_until(ps at) {
    machinery& m = *machinery_;
    m.local = std::max(m.local, m.clock.at_or_after(at));
    m.run_to_local();
}

void cpu_core::spin_until(const sc_core::sc_event& e, const std::function<bool()>& condition) {
    machinery& m = *machinery_;
    m.run_to_local();
    const ps from = m.local;
    while (!condition()) sc_core::wait(e);
    if (sim::now() > from) m.resume(m.clock.after(sim::now()));
    m.count(cpu_metric::lock_wait, static_cast<std::uint64_t>(m.local - from));
}

}  // namespace nicteam::host
