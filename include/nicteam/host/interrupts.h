// From the slots' INTA# to the CPUs: level-triggered, shared lines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <systemc>

#include "nicteam/base/clock_domain.h"
#include "nicteam/base/tables.h"
#include "nicteam/host/cpu_core.h"
#include "nicteam/pci/device.h"

namespace nicteam::host {

struct interrupt_config {
    unsigned latency = 2;                         // PCI clocks from INTA# to the CPU's pin
    unsigned routing = 0;                         // "by_slot|one_line": line = device mod 4, or line 0 for all
    unsigned delivery = 0;                        // "by_line|first_cpu": CPU = line mod number of CPUs, or CPU 0
    unserved_rule unserved;                       // when a line that nobody serves is given up
    ps unserved_poll = 100 * millisecond;         // its handlers are asked so often from then on; 0: never again
};
extern const block_info interrupt_info;           // kind "interrupts"

class interrupt_router : public sc_core::sc_module {
public:
    interrupt_router(sc_core::sc_module_name, const interrupt_config&, std::vector<cpu_core*> cpus);
    ~interrupt_router() override;

    // Elaboration: one per bus, by its number in configuration accesses. `turned`: the slots of PCI-to-PCI bridges on the way, added up; each hands a slot's
    // line on as its own, turned by the slot (PCI-to-PCI Bridge Architecture Specification 1.1, 9.1).
    pci::interrupt_sink& slots(unsigned bus, const clock_domain&, unsigned turned = 0);
    unsigned line_of(unsigned bus, unsigned device) const;
    cpu_core& cpu_of(unsigned line) const;

    // At the controller: a masked line reaches no CPU; its level shows again when unmasked.
    void mask(unsigned line);
    void unmask(unsigned line);
    bool asserted(unsigned line) const;           // the wired-or of the slots, as of now

private:
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/host/interrupts.cpp
};

}  // namespace nicteam::host
