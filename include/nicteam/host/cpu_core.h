// One CPU: a SystemC thread that executes software by its cost. docs/cpu.md.
//
// Cycles are added up and the thread waits only where something could tell the difference: before an access, masking, a look
// at shared bytes, going idle. Interrupts that came in between are taken at the cycle at which they would have been.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/host/costs.h"
#include "nicteam/host/cpu.h"
#include "nicteam/host/cpu_port.h"
#include "nicteam/host/unserved_interrupts.h"

namespace nicteam::host {

struct cpu_config {
    ps period = 2'000;                // 500 MHz
    ps phase = 0;                     // set by the host: CPUs of one host never act at one instant
    unsigned interrupts = 0;          // "any_cycle|at_end": taken at the next cycle inside spend(), or at its end
    unsigned nesting = 0;             // "priority|none": a lower line number interrupts a handler, or nothing does
    std::array<std::uint64_t, cost_count> costs = default_costs();
};
extern const block_info cpu_info;     // kind "cpu"

// One device's handler on a shared line. Handlers of a line are asked in the order in which they were attached.
class interrupt_handler {
public:
    virtual ~interrupt_handler() = default;
    virtual bool interrupt(cpu&) = 0;             // false: not mine
};

// Windows of CPU addresses that lead to one port.
struct address_window {
    cpu_port* port = nullptr;
    std::uint64_t memory_first = 1, memory_last = 0;      // inclusive; as they are: none
    std::uint32_t io_first = 1, io_last = 0;
    unsigned bus = 0;                                     // configuration: devices bus << 5 … bus << 5 | 31
    bool behind = false;                                  // … behind a PCI-to-PCI bridge: cycles of type 1
};

constexpr unsigned interrupt_lines = 4;           // INTA# … INTD# as routed to the CPUs

class lock;

class cpu_core : public sc_core::sc_module, public cpu, private cpu_port_user {
public:
    // `number` among the CPUs of its host.
    cpu_core(sc_core::sc_module_name, const cpu_config&, unsigned number = 0);
    ~cpu_core() override;
    SC_HAS_PROCESS(cpu_core);

    // Elaboration.
    void route(const address_window&);
    void attach(unsigned line, interrupt_handler&);
    void keep_lines(line_keeper&, const unserved_rule&);      // told of a line that nobody serves
    void share(lock&);                // work is taken up under this lock: software of several CPUs never runs into itself

    void spend(const operation&, std::uint64_t n = 1) override;
    std::uint32_t read(std::uint64_t address, unsigned size) override;
    void write(std::uint64_t address, unsigned size, std::uint32_t v) override;
    std::uint32_t read_io(std::uint32_t port, unsigned size) override;
    void write_io(std::uint32_t port, unsigned size, std::uint32_t v) override;
    std::uint32_t read_configuration(unsigned device, unsigned reg, unsigned size) override;
    void write_configuration(unsigned device, unsigned reg, unsigned size, std::uint32_t v) override;
    void mask_interrupts() override;
    void unmask_interrupts() override;
    void post(ps at, std::function<void(cpu&)> work) override;
    ps now() const override;
    ps period() const override;
    void catch_up() override;
    void wait_until(ps at) override;

    void spend_cycles(const operation&, std::uint64_t cycles);    // a cost that the caller worked out, booked under `operation`
    // Stands still, without interrupts, until the condition holds; looked at whenever `e` is notified. Goes on at the first
    // own edge strictly later.
    void spin_until(const sc_core::sc_event& e, const std::function<bool()>& condition);
    unsigned number() const;

    // From the interrupt router: the line's level changed now.
    void line(unsigned line, bool asserted);
    // From work of this CPU: the handlers of a line are asked, whatever its level.
    void ask_handlers(unsigned line);

private:
    void room(ps at) override;
    void finished(cpu_access&, ps at) override;
    void run();                       // the thread: main loop
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/host/cpu_core.cpp
};

}  // namespace nicteam::host
