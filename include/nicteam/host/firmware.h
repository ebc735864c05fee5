// What firmware does before the operating system runs: base addresses, command bits, latency timers, cache line sizes.
// Before time 0, without bus cycles; at a cold start on the first CPU, by configuration cycles.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/host/cpu.h"
#include "nicteam/pci/device.h"
#include "nicteam/pci/pci_bridge.h"

namespace nicteam::host {

struct firmware_config {
    unsigned latency_timer = 64;                  // clocks
    bool error_reporting = false;                 // command bits 6 and 8
    unsigned cache_line = 32;                     // bytes
    bool write_and_invalidate = true;             // command bit 4
    bool cold = false;                            // it runs on the first CPU, by configuration cycles; else it has run before time 0
    bool prefetchable_windows = false;            // of bridges: what says that it is prefetchable goes there
    bool short_discard = true;                    // of bridges: 2^10 clocks instead of 2^15
    unsigned slot_memory = 2 << 20, slot_io = 128;    // bytes set aside for a slot that a cold start finds empty
};
extern const block_info firmware_info;            // kind "firmware"

// A device, or a bridge with the number of the bus behind it. Buses by the host's own count.
struct installed {
    pci::device* device;
    unsigned bus, slot;
    pci::pci_bridge* bridge = nullptr;
    unsigned secondary = 0;
};
// How the buses hang together: bus n is behind the bridge on bus `parent`, in `slot`; -1: behind the host's own bridge.
struct bus_place { int parent = -1; unsigned slot = 0; };

// Numbers in configuration cycles: roots in order, behind each its bridges' buses depth first in order of slot.
std::vector<unsigned> number_buses(const std::vector<bus_place>&);

// Address windows of the n-th root bus with all that is behind it; devices get theirs from the lowest address up, in order
// of slot, and so do bridges, depth first: 1 MiB of memory and 4 KiB of I/O at least, or nothing.
constexpr std::uint64_t memory_window(unsigned bus) { return 0xC000'0000u + bus * 0x0400'0000ull; }
constexpr std::uint64_t memory_window_bytes = 0x0400'0000;
constexpr std::uint32_t io_window(unsigned bus) { return 0x1000u + bus * 0x1000u; }     // of the first bus that is ours
constexpr std::uint32_t io_window_bytes = 0x1000;                                       // for each bus
constexpr unsigned most_buses = 14;                                                     // of a host: the I/O space of 64 KiB

// The ranges of a root bus; `io_first` counts the buses before it, each with 4 KiB.
struct root_window { std::uint64_t memory_first, memory_last; std::uint32_t io_first, io_last; };
root_window window_of(const std::vector<bus_place>&, unsigned root);

// How firmware reaches the header of a device.
class header_access {
public:
    virtual ~header_access() = default;
    virtual std::uint32_t read(const installed&, unsigned reg, unsigned size) = 0;
    virtual void write(const installed&, unsigned reg, unsigned size, std::uint32_t v) = 0;
    virtual bool scans() const = 0;               // it looks into every slot, and finds who answers
};

// By configuration cycles of a CPU, which take their time; `numbers`: of the buses, see number_buses().
class configuration_cycles : public header_access {
public:
    configuration_cycles(cpu& c, const std::vector<unsigned>& numbers) : cpu_(c), numbers_(numbers) {}
    std::uint32_t read(const installed& d, unsigned reg, unsigned size) override { return cpu_.read_configuration(place(d), reg, size); }
    void write(const installed& d, unsigned reg, unsigned size, std::uint32_t v) override { cpu_.write_configuration(place(d), reg, size, v); }
    bool scans() const override { return true; }

private:
    unsigned place(const installed& d) const { return numbers_.at(d.bus) << 5 | d.slot; }
    cpu& cpu_;
    const std::vector<unsigned>& numbers_;
};

enum class space : std::uint8_t { io, memory, prefetchable };
// What a slot has of the windows of its bus: `first` … `end` - 1, taken by its device or set aside for one (PCI Standard Hot-Plug Controller 1.0, 1.3).
struct slot_range {
    unsigned bus, slot;
    host::space space;
    std::uint64_t first, end;
};

// Through the back door, before time 0. Throws std::runtime_error when the windows of a bus are used up.
std::vector<slot_range> assign_resources(const firmware_config&, const std::vector<bus_place>&, const std::vector<installed>&);
// By cycles, which may go wrong: what does not fit gets no range.
std::vector<slot_range> assign_resources(const firmware_config&, const std::vector<bus_place>&, const std::vector<installed>&, header_access&);
// A device that was put in later, within what its slot has.
void assign_resources(const firmware_config&, const std::vector<bus_place>&, const std::vector<installed>&, header_access&, const std::vector<slot_range>&, const pci::device&);

}  // namespace nicteam::host
