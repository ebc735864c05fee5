#include "host/cpu_core.h"

#include <functional>
#include <stdexcept>

namespace nicteam::host {

cpu_core::machinery::machinery(cpu_core& c, const cpu_config& cfg, unsigned n)
    : core(c), config(cfg), number(n), clock(cfg.period, cfg.phase), local(clock.at_or_after(0)),
      busy(sim::bind_level(c, row_of(cpu_info, cpu_metric::busy))), state(sim::bind_probe(c, cpu_info.probes.rows[0])),
      depth_probe(sim::bind_probe(c, cpu_info.probes.rows[1])) {
    for (unsigned i = 0; i < cpu_metric_count; ++i) {
        const metric_info& m = cpu_info.metrics.rows[i];
        if (m.kind == metric_info::counter)
            counters[i] = &sim::session::current().bind_counter(sim::path_of(c, m.name), m, [this](ps at) { settle_stall(at); });
    }
    for (unsigned i = 0; i <= cost_count; ++i) cycles[i] = &sim::bind_counter(c, cpu_info.metrics.rows[cpu_metric_count + i]);
    work.reserve(64);
    wake_or_alarm |= wake;
    wake_or_alarm |= alarm;
}

cpu_core::cpu_core(sc_core::sc_module_name name, const cpu_config& config, unsigned number) : sc_module(name) {
    machinery_ = std::make_unique<machinery>(*this, config, number);
    sim::bind_fault(*this, cpu_info.faults.rows[0], [this](bool begin, std::int64_t, ps at) {
        if (!machinery_->stalls.change(begin)) return;
        machinery_->stall.set(begin, at);
        if (begin) machinery_->wake.notify(sim::to_sc_time(machinery_->clock.after(at) - sim::now()));
        else machinery_->stall_over.notify(sim::to_sc_time(machinery_->clock.after(at) - sim::now()));
    });
    SC_THREAD(run);
}

cpu_core::~cpu_core() = default;

void cpu_core::attach(unsigned line, interrupt_handler& h) {
    if (line >= interrupt_lines) throw std::out_of_range(std::string(this->name()) + ": no such interrupt line");
    machinery_->handlers[line].push_back(&h);
}

void cpu_core::keep_lines(line_keeper& k, const unserved_rule& r) {
    machinery_->keeper = &k;
    machinery_->rule = r;
}

void cpu_core::ask_handlers(unsigned line) {
    mask_interrupts();                            // as in an interrupt: no other handler in between
    for (interrupt_handler* h : machinery_->handlers[line]) h->interrupt(*this);
    unmask_interrupts();
}

ps cpu_core::now() const { return machinery_->local; }
ps cpu_core::period() const { return machinery_->config.period; }
unsigned cpu_core::number() const { return machinery_->number; }

void cpu_core::spend_cycles(const operation& o, std::uint64_t cycles) {
    machinery& m = *machinery_;
    const operation* first = &of(cost{});
    const bool known = !std::less<>()(&o, first) && std::less<>()(&o, first + cost_count);
    m.cycles[known ? &o - first : static_cast<std::ptrdiff_t>(cost_count)]->add(cycles);
    m.local += static_cast<ps>(cycles) * m.config.period;
    if (m.config.interrupts == 1) {               // at_end: nothing is taken before this piece of work is done
        m.interruptible_from = m.local;
        m.run_to_local();
    }
}

void cpu_core::spend(const operation& o, std::uint64_t n) {
    const operation* first = &of(cost{});
    const bool known = !std::less<>()(&o, first) && std::less<>()(&o, first + cost_count);
    spend_cycles(o, n * (known ? machinery_->config.costs[static_cast<std::size_t>(&o - first)] : o.cycles));
}

void cpu_core::catch_up() { machinery_->run_to_local(); }

void cpu_core::mask_interrupts() {
    if (machinery_->masks == 0) machinery_->run_to_local();      // what came before could still be interrupted
    ++machinery_->masks;
}

void cpu_core::unmask_interrupts() {
    if (machinery_->masks == 0) throw std::logic_error(std::string(name()) + ": interrupts unmasked more often than masked");
    if (--machinery_->masks == 0) machinery_->interruptible_from = machinery_->local;
}

void cpu_core::line(unsigned line, bool asserted) {
    machinery& m = *machinery_;
    const ps t = sim::now();
    m.lines[line].set(asserted, t);
    if (!asserted || !m.waiting || !m.deliverable(line)) return;
    m.wake.notify(sim::to_sc_time(std::max(m.clock.after(t), m.interruptible_from) - t));
}

ps cpu_core::machinery::next_event(ps from) const {
    ps next = stall.level ? std::max(from, clock.after(stall.since)) : never;
    for (unsigned i = 0; i < interrupt_lines; ++i) {
        if (!lines[i].level || !deliverable(i)) continue;
        next = std::min(next, std::max({from, interruptible_from, clock.after(lines[i].since)}));
    }
    return next;
}

unsigned cpu_core::machinery::line_at(ps edge) const {
    if (edge < interruptible_from) return interrupt_lines;
    for (unsigned i = 0; i < interrupt_lines; ++i)
        if (lines[i].at(edge) && deliverable(i)) return i;
    return interrupt_lines;
}

// At an edge, the kernel there too: runs the handlers of a line and goes on with what is left of the interrupted work.
void cpu_core::machinery::take(unsigned line) {
    const ps left = local - sim::now();
    const unsigned outer = in_service;
    local = sim::now();
    in_service = line;
    ++depth;
    count(cpu_metric::interrupts);
    show(cpu_state::interrupt);
    depth_probe.change(local, depth);
    core.spend(of(cost::interrupt_entry));
    bool served = false;
    for (interrupt_handler* h : handlers[line]) served |= h->interrupt(core);
    if (!served) count(cpu_metric::spurious);
    if (unserved[line].taken(served, local, rule) && keeper) {
        run_to_local();
        keeper->give_up(line, local);
    }
    core.spend(of(cost::interrupt_exit));
    run_to_local();
    --depth;
    in_service = outer;
    show(depth ? cpu_state::interrupt : cpu_state::busy);
    depth_probe.change(local, depth);
    local += left;
}

// A stall that still lasts when somebody asks counts up to then.
void cpu_core::machinery::settle_stall(ps at) {
    if (stalled_from == never) return;
    count(cpu_metric::stalled, static_cast<std::uint64_t>(at - stalled_from));
    stalled_from = at;
}

bool cpu_core::machinery::stand_still() {
    const ps from = sim::now();
    if (!stall.at(from)) return false;
    show(cpu_state::stalled);
    stalled_from = from;
    while (stall.at(sim::now())) sc_core::wait(stall_over);
    const ps until = sim::now();
    settle_stall(until);
    stalled_from = never;
    local += until - from;
    show(depth ? cpu_state::interrupt : cpu_state::busy);
    return true;
}

void cpu_core::machinery::run_to_local() {
    if (sim::now() >= local) return;
    waiting = true;
    for (;;) {
        if (stand_still()) continue;
        const ps k = sim::now();
        if (const unsigned line = line_at(k); line < interrupt_lines) {
            waiting = false;
            take(line);
            waiting = true;
            continue;
        }
        if (k >= local) break;
        sc_core::wait(sim::to_sc_time(std::min(local, next_event(clock.after(k))) - k), wake);
    }
    waiting = false;
}

}  // namespace nicteam::host
