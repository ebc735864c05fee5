// What a CPU keeps; the parts of it are in cpu_core.cpp (time and interrupts), cpu_access.cpp (the bus), cpu_work.cpp (main loop).
#pragma once

#include <algorithm>
#include <vector>

#include "host/cpu_tables.h"
#include "nicteam/base/clock_domain.h"
#include "nicteam/host/cpu_core.h"
#include "nicteam/sim/session.h"

namespace nicteam::host {

enum class cpu_state : std::uint64_t { idle, busy, interrupt, reading, stalled };

// A level as a clocked input sees it: an edge sees the level strictly before it.
struct sampled_level {
    bool level = false, before = false;
    ps since = -1;
    void set(bool v, ps t) {
        if (t != since) before = level;
        level = v;
        since = t;
    }
    bool at(ps edge) const { return since < edge ? level : before; }
};

struct work_item {
    ps at;
    std::uint64_t order;
    std::function<void(cpu&)> work;
    bool operator<(const work_item& o) const { return at != o.at ? at > o.at : order > o.order; }   // a heap's top is the first
};

struct cpu_core::machinery {
    machinery(cpu_core&, const cpu_config&, unsigned number);

    cpu_core& core;
    cpu_config config;
    unsigned number;
    clock_domain clock;

    // Time: the kernel is at or behind `local`; what lies between is executed when somebody could tell the difference.
    ps local = 0;
    sc_core::sc_event wake;
    sc_core::sc_event alarm;                      // of an idle CPU: work is due
    ps alarm_at = never;
    sc_core::sc_event_or_list wake_or_alarm;

    // Interrupts.
    sampled_level lines[interrupt_lines];
    std::vector<interrupt_handler*> handlers[interrupt_lines];
    unserved_interrupts unserved[interrupt_lines];
    unserved_rule rule;
    line_keeper* keeper = nullptr;
    unsigned masks = 0;                           // depth of mask_interrupts()
    ps interruptible_from = 0;                    // first edge at which one may be taken, when masks == 0
    unsigned in_service = interrupt_lines;        // the line whose handler runs
    unsigned depth = 0;
    bool waiting = false;                         // in catch_up() or idle: a line may wake the thread

    // The fault `stall`.
    sampled_level stall;
    sim::fault_count stalls;
    ps stalled_from = never;                      // not yet counted in `stalled`
    sc_core::sc_event stall_over;

    // Accesses.
    std::vector<address_window> windows;
    std::vector<cpu_port*> ports;                 // connected
    sc_core::sc_event done;
    ps done_at = never;
    bool wants_room = false;

    // Main loop.
    std::vector<work_item> work;
    std::function<void(cpu&)> doing;
    std::uint64_t posted = 0;
    lock* shared = nullptr;                       // held while work is done; handlers run without it

    counter* counters[cpu_metric_count] = {};
    counter* cycles[cost_count + 1] = {};
    level& busy;
    sim::probe& state;
    sim::probe& depth_probe;

    void count(cpu_metric m, std::uint64_t n = 1) { counters[static_cast<unsigned>(m)]->add(n); }
    void show(cpu_state s) { state.change(sim::now(), static_cast<std::uint64_t>(s)); }

    bool deliverable(unsigned line) const {
        if (masks || handlers[line].empty()) return false;
        return config.nesting == 0 ? line < in_service : depth == 0;
    }
    ps next_event(ps from) const;                 // earliest edge ≥ from at which an interrupt or stall comes in, as things stand
    unsigned line_at(ps edge) const;              // the line taken at this edge; interrupt_lines: none
    void take(unsigned line);
    void settle_stall(ps at);
    bool stand_still();                           // true: the stall fault held the CPU up
    void run_to_local();
    void idle();

    std::uint32_t access(const address_window*, cpu_access);
    void resume(ps at);                           // the thread goes on at an edge at or after `at`, now or later
    const address_window* memory_window(std::uint64_t address) const;
    const address_window* configuration_window(unsigned device, unsigned reg, std::uint64_t& address) const;
};

}  // namespace nicteam::host
