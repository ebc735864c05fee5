// What firmware does before the operating system runs: base addresses, command bits, latency timers, cache line sizes.
// At time 0, without bus cycles.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/pci/device.h"

namespace nicteam::host {

struct firmware_config {
    unsigned latency_timer = 64;                  // clocks
    unsigned cache_line = 32;                     // bytes
    bool write_and_invalidate = true;             // command bit 4
    bool cold = false;                            // it runs on the first CPU, by configuration cycles; else it has run before time 0
};
extern const block_info firmware_info;            // kind "firmware"

struct installed { pci::device* device; unsigned bus, slot; };

// Address windows of bus n; devices get theirs from the lowest address up, in order of slot.
constexpr std::uint64_t memory_window(unsigned bus) { return 0xC000'0000u + bus * 0x0400'0000ull; }
constexpr std::uint64_t memory_window_bytes = 0x0400'0000;
constexpr std::uint32_t io_window(unsigned bus) { return 0x1000u + bus * 0x1000u; }
constexpr std::uint32_t io_window_bytes = 0x1000;
constexpr unsigned most_buses = 8;

// Throws std::runtime_error when the windows of a bus are used up.
void assign_resources(const firmware_config&, std::vector<installed>);

}  // namespace nicteam::host
