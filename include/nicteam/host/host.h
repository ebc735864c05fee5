// A host: CPUs, memory, bridges with their buses, interrupt routing. Devices are plugged in by whoever builds the system.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "nicteam/host/boot.h"
#include "nicteam/host/bridge.h"
#include "nicteam/host/cpu_core.h"
#include "nicteam/host/firmware.h"
#include "nicteam/host/hot_plug.h"
#include "nicteam/host/interrupts.h"
#include "nicteam/host/lock.h"
#include "nicteam/host/memory_bank.h"
#include "nicteam/pci/bus.h"
#include "nicteam/pci/device.h"

namespace nicteam::host {

struct host_config {
    struct cpu_part { std::string name; cpu_config cpu; };
    // A bus behind the host's own bridge or, with `behind`, behind a PCI-to-PCI bridge in a slot of another of these buses.
    struct pci_bridge_part { std::string name; unsigned primary = 0, slot = 1; pci::pci_bridge_config bridge; };
    struct bus_part { std::string name; pci::bus_config bus; bridge_config bridge; std::optional<pci_bridge_part> behind{}; };
    std::vector<cpu_part> cpus{{"cpu0", {}}};
    std::vector<bus_part> buses{{"pci0", {}, {}}};
    memory_config memory;
    interrupt_config interrupts;
    firmware_config firmware;
    hot_plug_config hot_plug;
};
extern const block_info host_info;                // kind "host": no parameters of its own; its parts have them

// Where a driver's device sits and what the driver may touch.
struct place {
    cpu_core* cpu = nullptr;                      // runs the driver
    memory* ram = nullptr;
    interrupt_router* interrupts = nullptr;
    hot_plug* slots = nullptr;                    // whose devices come and go; may be null
    boot_sequence* boot = nullptr;                // the driver starts behind it; none: at time 0
    unsigned bus = 0, device = 0;                 // for configuration accesses: the bus by its number there
    std::string bus_path;                         // names the shadow
};

// Several CPUs have one clock and one copy of the software: work on any of them is done under one lock, as in the first kernels for
// several CPUs; interrupt handlers run beside it.
// Module `server` has children cpu0 …, memory, interrupts, and pci0 …; each bus behind the host's own bridge has a child bridge;
// a PCI-to-PCI bridge is a child of its primary bus. Buses are counted as they are in the configuration.
class host : public sc_core::sc_module, private posted_writes {
public:
    host(sc_core::sc_module_name, const host_config&);
    ~host() override;

    unsigned cpus() const { return static_cast<unsigned>(cpus_.size()); }
    unsigned buses() const { return static_cast<unsigned>(buses_.size()); }
    cpu_core& cpu(unsigned n = 0) { return *cpus_.at(n); }
    pci::bus& bus(unsigned n = 0) { return *buses_.at(n); }
    memory_bank& ram() { return *memory_; }
    interrupt_router& interrupts() { return *interrupts_; }

    // For a device's constructor, and after it: the firmware sets up every installed device.
    pci::interrupt_sink& interrupt_sink(unsigned bus = 0);
    void install(pci::device&, unsigned bus, unsigned slot);
    unsigned bus_number(unsigned bus) const { return numbers_.at(bus); }       // in configuration cycles
    // For a driver's constructor; the CPU is the one that the slot's interrupt line goes to.
    place place_of(unsigned bus, unsigned slot);

private:
    void start_of_simulation() override;
    void place_buses();
    void route_root(unsigned bus);
    void overlay_posted(std::uint64_t address, std::uint8_t* data, std::size_t n) const override;

    host_config config_;
    boot_sequence boot_;
    std::unique_ptr<memory_bank> memory_;
    std::vector<std::unique_ptr<cpu_core>> cpus_;
    std::unique_ptr<lock> software_;              // with more than one CPU
    std::unique_ptr<interrupt_router> interrupts_;
    std::unique_ptr<hot_plug> slots_;
    std::vector<slot_range> ranges_;              // what firmware gave each slot
    std::vector<std::unique_ptr<pci::bus>> buses_;
    std::vector<std::unique_ptr<host_bridge>> bridges_;          // null: behind a PCI-to-PCI bridge
    std::vector<std::unique_ptr<pci::pci_bridge>> pci_bridges_;
    std::vector<std::size_t> by_depth_;           // these
    std::vector<bus_place> places_;
    std::vector<unsigned> numbers_;
    std::vector<pci::interrupt_sink*> sinks_;
    std::vector<installed> devices_;
};

}  // namespace nicteam::host
