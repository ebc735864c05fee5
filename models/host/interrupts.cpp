#include "nicteam/host/interrupts.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/sim/agenda.h"

namespace nicteam::host {
namespace {
constexpr parameter_info parameters[] = {
    {"latency", quantity::count, "2", "1", "1000", nullptr, "PCI clocks from INTA# at the slot to the CPU's pin",
     "choice: synchroniser of two stages in the interrupt controller", store<&interrupt_config::latency>},
    {"routing", quantity::choice, "by_slot", nullptr, nullptr, "by_slot|one_line", "interrupt line of a slot: device number mod 4, or line 0 for all",
     "PCI 2.2, 2.2.6, implementation note on interrupt routing", store<&interrupt_config::routing>},
    {"delivery", quantity::choice, "by_line", nullptr, nullptr, "by_line|first_cpu", "CPU of a line: line mod number of CPUs, or CPU 0", "choice",
     store<&interrupt_config::delivery>},
    {"unserved_of", quantity::count, "100000", "0", "1000000000", nullptr,
     "interrupts of a line, from the first that no handler wants, that are looked at together; 0: no line is given up", "Linux kernel/irq/spurious.c, note_interrupt",
     [](void* c, const value& v) { static_cast<interrupt_config*>(c)->unserved.of = static_cast<unsigned>(v.integer); }},
    {"unserved_most", quantity::count, "99900", "0", "1000000000", nullptr, "when more of them than this were wanted by nobody, the line is given up: it reaches no CPU any more",
     "Linux kernel/irq/spurious.c, note_interrupt", [](void* c, const value& v) { static_cast<interrupt_config*>(c)->unserved.most = static_cast<unsigned>(v.integer); }},
    {"unserved_apart", quantity::time, "100 ms", "0 ps", "1000 s", nullptr, "an unwanted interrupt so long behind the one before begins the count of them anew",
     "Linux kernel/irq/spurious.c, note_interrupt: HZ / 10", [](void* c, const value& v) { static_cast<interrupt_config*>(c)->unserved.apart = v.integer; }},
    {"unserved_poll", quantity::time, "100 ms", "0 ps", "1000 s", nullptr, "the handlers of a line that was given up are asked so often; 0 ps: never",
     "Linux kernel/irq/spurious.c, POLL_SPURIOUS_IRQ_INTERVAL: HZ / 10", store<&interrupt_config::unserved_poll>},
};
constexpr metric_info metrics[] = {
    {"rises", "edges", "times that a line went active"},
    {"given_up", "lines", "lines that were given up because nobody served them"},
    {"polls", "times", "times that the handlers of such a line were asked"},
};
constexpr fault_info faults[] = {
    {"inta_stuck", "", "line 0 is asserted whatever its devices say"},
    {"intb_stuck", "", "line 1 is asserted whatever its devices say"},
    {"intc_stuck", "", "line 2 is asserted whatever its devices say"},
    {"intd_stuck", "", "line 3 is asserted whatever its devices say"},
};
static_assert(sizeof faults / sizeof *faults == interrupt_lines);
}  // namespace

const block_info interrupt_info = {"interrupts", "routing of the slots' interrupts to the CPUs", parameters, metrics, {}, faults, {}, {}, {}};

struct interrupt_router::machinery : private sim::agenda_user, private line_keeper {
    struct slots : pci::interrupt_sink {
        slots(machinery& m, unsigned b, const clock_domain& c, unsigned t) : owner(m), bus(b), clock(c), turned(t) {}
        void drive(unsigned device, bool asserted, ps at) override { owner.drive(*this, device, asserted, at); }
        machinery& owner;
        unsigned bus;
        clock_domain clock;
        unsigned turned;
        std::uint32_t asserted = 0;               // bit per device, as of the latest change that took effect
    };
    struct change { ps at; slots* from; unsigned device; bool asserted; };

    machinery(interrupt_router& r, const interrupt_config& c, std::vector<cpu_core*> p)
        : router(r), config(c), cpus(std::move(p)), agenda("agenda", *this, 1), rises(sim::bind_counter(r, interrupt_info.metrics.rows[0])),
          given_up(sim::bind_counter(r, interrupt_info.metrics.rows[1])), polls(sim::bind_counter(r, interrupt_info.metrics.rows[2])) {
        if (cpus.empty()) throw std::invalid_argument(std::string(r.name()) + ": no CPU to interrupt");
        for (cpu_core* c : cpus) c->keep_lines(*this, config.unserved);
        for (unsigned line = 0; line < interrupt_lines; ++line)
            sim::bind_fault(r, interrupt_info.faults.rows[line], [this, line, n = sim::fault_count()](bool begin, std::int64_t, ps) mutable {
                if (!n.change(begin)) return;
                stuck[line] = begin;
                show();
            });
    }

    // "Disabling IRQ": it is not unmasked again. Its handlers are asked now and then.
    void give_up(unsigned line, ps at) override {
        given_up.add();
        ++masked[line];
        show();
        poll(line, at);
    }

    void poll(unsigned line, ps at) {
        if (!config.unserved_poll) return;
        router.cpu_of(line).post(at + config.unserved_poll, [this, line](cpu& c) {
            polls.add();
            router.cpu_of(line).ask_handlers(line);
            poll(line, c.now());
        });
    }

    void drive(slots& s, unsigned device, bool asserted, ps at) {
        const ps effect = at + static_cast<ps>(config.latency) * s.clock.period();
        changes.insert(std::upper_bound(changes.begin(), changes.end(), effect, [](ps t, const change& c) { return t < c.at; }),
                       {effect, &s, device, asserted});
        agenda.set(0, changes.front().at);
    }

    void due(unsigned, ps at) override {
        while (!changes.empty() && changes.front().at == at) {
            const change c = changes.front();
            changes.erase(changes.begin());
            const std::uint32_t bit = 1u << c.device;
            c.from->asserted = c.asserted ? c.from->asserted | bit : c.from->asserted & ~bit;
        }
        show();
        if (!changes.empty()) agenda.set(0, changes.front().at);
    }

    bool wired_or(unsigned line) const {
        if (stuck[line]) return true;
        for (const auto& b : buses)
            for (std::uint32_t left = b->asserted; left; left &= left - 1)
                if (router.line_of(b->bus, static_cast<unsigned>(__builtin_ctz(left))) == line) return true;
        return false;
    }

    void show() {
        for (unsigned line = 0; line < interrupt_lines; ++line) {
            const bool now = wired_or(line) && !masked[line];
            if (now == shown[line]) continue;
            shown[line] = now;
            if (now) rises.add();
            router.cpu_of(line).line(line, now);
        }
    }

    interrupt_router& router;
    interrupt_config config;
    std::vector<cpu_core*> cpus;
    std::vector<std::unique_ptr<slots>> buses;
    std::vector<change> changes;                  // in order of time, a handful
    bool shown[interrupt_lines] = {};
    bool stuck[interrupt_lines] = {};
    unsigned masked[interrupt_lines] = {};
    sim::agenda agenda;
    counter &rises, &given_up, &polls;
};

interrupt_router::interrupt_router(sc_core::sc_module_name name, const interrupt_config& config, std::vector<cpu_core*> cpus)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, config, std::move(cpus))) {}
interrupt_router::~interrupt_router() = default;

pci::interrupt_sink& interrupt_router::slots(unsigned bus, const clock_domain& clock, unsigned turned) {
    machinery_->buses.push_back(std::make_unique<machinery::slots>(*machinery_, bus, clock, turned));
    return *machinery_->buses.back();
}

unsigned interrupt_router::line_of(unsigned bus, unsigned device) const {
    if (machinery_->config.routing != 0) return 0;
    for (const auto& b : machinery_->buses)
        if (b->bus == bus) device += b->turned;
    return device % interrupt_lines;
}

cpu_core& interrupt_router::cpu_of(unsigned line) const {
    return *machinery_->cpus[machinery_->config.delivery == 0 ? line % machinery_->cpus.size() : 0];
}

void interrupt_router::mask(unsigned line) {
    ++machinery_->masked[line];
    machinery_->show();
}

void interrupt_router::unmask(unsigned line) {
    if (machinery_->masked[line] == 0) throw std::logic_error(std::string(name()) + ": a line was unmasked more often than masked");
    --machinery_->masked[line];
    machinery_->show();
}

bool interrupt_router::asserted(unsigned line) const { return machinery_->wired_or(line); }

}  // namespace nicteam::host
