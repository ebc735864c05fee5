#include "nicteam/host/host.h"

#include <stdexcept>

#include "nicteam/sim/within.h"

namespace nicteam::host {

const block_info host_info = {"host", "CPUs, memory, bridges, buses and interrupt routing of one computer", {}, {}, {}, {}, {}, {}, {}};

host::host(sc_core::sc_module_name name, const host_config& config) : sc_module(name), config_(config), boot_(config.firmware.cold) {
    if (config_.cpus.empty() || config_.buses.empty()) throw std::invalid_argument(std::string(this->name()) + ": needs at least one CPU and one bus");
    if (config_.buses.size() > most_buses) throw std::invalid_argument(std::string(this->name()) + ": at most 8 buses");
    memory_ = std::make_unique<memory_bank>("memory", config_.memory);
    std::vector<cpu_core*> all;
    for (unsigned n = 0; n < config_.cpus.size(); ++n) {
        cpu_config c = config_.cpus[n].cpu;
        if (c.period != config_.cpus[0].cpu.period) throw std::invalid_argument(std::string(this->name()) + ": its CPUs must have one clock");
        // No two CPUs act at one instant: who comes first is never left to the kernel.
        c.phase = c.period * static_cast<ps>(n) / static_cast<ps>(config_.cpus.size());
        cpus_.push_back(std::make_unique<cpu_core>(config_.cpus[n].name.c_str(), c, n));
        all.push_back(cpus_.back().get());
    }
    if (cpus_.size() > 1) {
        software_ = std::make_unique<lock>("software_lock");
        for (auto& c : cpus_) c->share(*software_);
    }
    interrupts_ = std::make_unique<interrupt_router>("interrupts", config_.interrupts, all);
    for (unsigned n = 0; n < config_.buses.size(); ++n) {
        const host_config::bus_part& part = config_.buses[n];
        buses_.push_back(std::make_unique<pci::bus>(part.name.c_str(), part.bus));
        const sim::within parent(*buses_.back());
        bridges_.push_back(std::make_unique<host_bridge>("bridge", part.bridge, *buses_.back(), *memory_));
        sinks_.push_back(&interrupts_->slots(n, buses_.back()->clock()));
        address_window w;
        w.port = bridges_.back().get();
        w.memory_first = memory_window(n);
        w.memory_last = memory_window(n) + memory_window_bytes - 1;
        w.io_first = io_window(n);
        w.io_last = io_window(n) + io_window_bytes - 1;
        w.bus = n;
        for (auto& c : cpus_) c->route(w);
    }
}

host::~host() = default;

pci::interrupt_sink& host::interrupt_sink(unsigned bus) { return *sinks_.at(bus); }

void host::install(pci::device& d, unsigned bus, unsigned slot) { devices_.push_back({&d, bus, slot}); }

place host::place_of(unsigned bus, unsigned slot) {
    place p;
    p.cpu = &interrupts_->cpu_of(interrupts_->line_of(bus, slot));
    p.ram = memory_.get();
    p.interrupts = interrupts_.get();
    p.boot = &boot_;
    p.bus = bus;
    p.device = slot;
    p.bus_path = buses_.at(bus)->name();
    return p;
}

void host::start_of_simulation() { assign_resources(config_.firmware, devices_); }

}  // namespace nicteam::host
