#include "nicteam/host/host.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/sim/within.h"

namespace nicteam::host {

const block_info host_info = {"host", "CPUs, memory, bridges, buses and interrupt routing of one computer", {}, {}, {}, {}, {}, {}, {}};

host::host(sc_core::sc_module_name name, const host_config& config) : sc_module(name), config_(config), boot_(config.firmware.cold) {
    if (config_.cpus.empty() || config_.buses.empty()) throw std::invalid_argument(std::string(this->name()) + ": needs at least one CPU and one bus");
    if (config_.buses.size() > most_buses) throw std::invalid_argument(std::string(this->name()) + ": at most 14 buses");
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
    slots_ = std::make_unique<hot_plug>("hot_plug", config_.hot_plug);
    place_buses();
    memory_->ask(*this);
    for (unsigned n = 0; n < config_.buses.size(); ++n) {
        const host_config::bus_part& part = config_.buses[n];
        buses_.push_back(std::make_unique<pci::bus>(part.name.c_str(), part.bus));
        unsigned turned = 0;                      // by the slots of the bridges on the way
        for (int b = static_cast<int>(n); b >= 0; b = places_[static_cast<unsigned>(b)].parent) turned += places_[static_cast<unsigned>(b)].slot;
        sinks_.push_back(&interrupts_->slots(numbers_[n], buses_.back()->clock(), turned));
        bridges_.emplace_back();
        if (part.behind) continue;
        const sim::within parent(*buses_.back());
        bridges_.back() = std::make_unique<host_bridge>("bridge", part.bridge, *buses_.back(), *memory_);
    }
    for (unsigned n = 0; n < config_.buses.size(); ++n) {
        const auto& behind = config_.buses[n].behind;
        if (!behind) {
            route_root(n);
            continue;
        }
        const sim::within parent(*buses_[behind->primary]);
        pci_bridges_.push_back(std::make_unique<pci::pci_bridge>(behind->name.c_str(), behind->bridge, *buses_[behind->primary],
                                                                 static_cast<int>(behind->slot), *buses_[n]));
        by_depth_.push_back(pci_bridges_.size() - 1);
        devices_.push_back({nullptr, behind->primary, behind->slot, pci_bridges_.back().get(), n});
    }
    const auto depth = [this](std::size_t i) {
        unsigned steps = 0;
        for (int b = static_cast<int>(devices_[i].bus); b >= 0; b = places_[static_cast<unsigned>(b)].parent) ++steps;
        return steps;
    };
    for (unsigned n = 0; n < places_.size(); ++n)           // every bridge on the way up from a bus
        for (int b = static_cast<int>(n); places_[static_cast<unsigned>(b)].parent >= 0; b = places_[static_cast<unsigned>(b)].parent)
            for (const installed& d : devices_)
                if (d.bridge && d.secondary == static_cast<unsigned>(b) && n != d.secondary) d.bridge->carries_for(buses_[n]->name());
    std::stable_sort(by_depth_.begin(), by_depth_.end(), [&](std::size_t a, std::size_t b) { return depth(a) < depth(b); });
}

// The nearer to memory, the older: what is farther away lies over it.
void host::overlay_posted(std::uint64_t address, std::uint8_t* data, std::size_t n) const {
    for (std::size_t i = 0; i < pci_bridges_.size(); ++i) pci_bridges_[by_depth_[i]]->overlay_posted(address, data, n);
}

// Every bus hangs below a root.
void host::place_buses() {
    for (const auto& part : config_.buses) places_.push_back(part.behind ? bus_place{static_cast<int>(part.behind->primary), part.behind->slot} : bus_place{});
    for (unsigned n = 0; n < places_.size(); ++n) {
        std::size_t steps = 0;
        for (int b = static_cast<int>(n); b >= 0; b = places_.at(static_cast<unsigned>(b)).parent)
            if (++steps > places_.size()) throw std::invalid_argument(std::string(name()) + ": buses behind each other");
    }
    numbers_ = number_buses(places_);
}

// The CPUs' way to a root bus, and through it to all buses behind.
void host::route_root(unsigned root) {
    const root_window range = window_of(places_, root);
    address_window w;
    w.port = bridges_[root].get();
    w.memory_first = range.memory_first;
    w.memory_last = range.memory_last;
    w.io_first = range.io_first;
    w.io_last = range.io_last;
    w.bus = numbers_[root];
    for (auto& c : cpus_) c->route(w);
    address_window behind;
    behind.port = w.port;
    behind.behind = true;
    for (unsigned n = 0; n < places_.size(); ++n) {
        unsigned top = n;
        while (places_[top].parent >= 0) top = static_cast<unsigned>(places_[top].parent);
        if (top != root || n == root) continue;
        behind.bus = numbers_[n];
        for (auto& c : cpus_) c->route(behind);
    }
}

host::~host() = default;

pci::interrupt_sink& host::interrupt_sink(unsigned bus) { return *sinks_.at(bus); }

void host::install(pci::device& d, unsigned bus, unsigned slot) {
    devices_.push_back({&d, bus, slot});
    slots_->watch(d, numbers_.at(bus), interrupts_->cpu_of(interrupts_->line_of(numbers_.at(bus), slot)));
}

place host::place_of(unsigned bus, unsigned slot) {
    place p;
    p.cpu = &interrupts_->cpu_of(interrupts_->line_of(numbers_.at(bus), slot));
    p.ram = memory_.get();
    p.interrupts = interrupts_.get();
    p.slots = slots_.get();
    p.boot = &boot_;
    p.bus = numbers_.at(bus);
    p.device = slot;
    p.bus_path = buses_.at(bus)->name();
    return p;
}

void host::start_of_simulation() {
    if (!config_.firmware.cold) {
        ranges_ = assign_resources(config_.firmware, places_, devices_);
        return slots_->remember();
    }
    slots_->on_new([this](class cpu& c, pci::device& d) {
        configuration_cycles by_cycles(c, numbers_);
        assign_resources(config_.firmware, places_, devices_, by_cycles, ranges_, d);
    });
    cpus_[0]->post(0, [this](class cpu& c) {
        configuration_cycles by_cycles(c, numbers_);
        ranges_ = assign_resources(config_.firmware, places_, devices_, by_cycles);
        slots_->remember();
        boot_.end(c.now());
    });
}

}  // namespace nicteam::host
