#include "bridge_header.h"

#include <algorithm>

namespace nicteam::pci {

// PCI-to-PCI Bridge Architecture Specification 1.1, 3.2.
bridge_header::bridge_header() {
    // offset, bytes, reset value, writable bits, bits cleared by writing 1
    space.declare(0x00, 2, 0x8086);                        // vendor
    space.declare(0x02, 2, 0xB154);                        // device: a transparent bridge of 32 bits
    space.declare(0x04, 2, 0x0000, 0x0147);                // command: I/O, memory, master, parity error response, SERR#
    space.declare(0x06, 2, 0x0200, 0, 0xF900);             // status: DEVSEL# medium
    space.declare(0x08, 1, 0x00);                          // revision
    space.declare(0x09, 3, 0x060400);                      // class: PCI-to-PCI bridge
    space.declare(0x0C, 1, 0x00, 0xFF);                    // cache line size
    space.declare(0x0D, 1, 0x00, 0xFF);                    // primary latency timer
    space.declare(0x0E, 1, 0x01);                          // header type 1
    space.declare(0x18, 1, 0x00, 0xFF);                    // primary bus number
    space.declare(0x19, 1, 0x00, 0xFF);                    // secondary bus number
    space.declare(0x1A, 1, 0x00, 0xFF);                    // subordinate bus number
    space.declare(0x1B, 1, 0x00, 0xFF);                    // secondary latency timer
    space.declare(0x1C, 1, 0x00, 0xF0);                    // I/O base, 16 bit: bits 15:12
    space.declare(0x1D, 1, 0x00, 0xF0);                    // I/O limit
    space.declare(0x1E, 2, 0x0200, 0, 0xF900);             // secondary status
    space.declare(0x20, 2, 0x0000, 0xFFF0);                // memory base, bits 31:20
    space.declare(0x22, 2, 0x0000, 0xFFF0);                // memory limit
    space.declare(0x24, 2, 0x0000, 0xFFF0);                // prefetchable memory base, 32 bit
    space.declare(0x26, 2, 0x0000, 0xFFF0);                // prefetchable memory limit
    space.declare(0x3C, 1, 0x00, 0xFF);                    // interrupt line
    // Bridge control: parity error response, SERR#, master abort mode, secondary reset, discard timers primary and secondary, their SERR#;
    // discard timer status.
    space.declare(0x3E, 2, 0x0000, 0x0B63, 0x0400);
}

bridge_header::range bridge_header::io() const {
    if (!space.io_enabled()) return {};
    return {(space.read(0x1C, 1) & 0xF0u) << 8, (space.read(0x1D, 1) & 0xF0u) << 8 | 0xFFFu};
}
bridge_header::range bridge_header::memory() const {
    if (!space.memory_enabled()) return {};
    return {(space.read(0x20, 2) & 0xFFF0u) << 16, (space.read(0x22, 2) & 0xFFF0u) << 16 | 0xF'FFFFu};
}
bridge_header::range bridge_header::prefetchable() const {
    if (!space.memory_enabled()) return {};
    return {(space.read(0x24, 2) & 0xFFF0u) << 16, (space.read(0x26, 2) & 0xFFF0u) << 16 | 0xF'FFFFu};
}

bool bridge_header::behind(bool io_space, std::uint64_t address) const {
    return io_space ? io().holds(address) : memory().holds(address) || prefetchable().holds(address);
}

std::uint64_t bridge_header::end_of_side(bool io_space, std::uint64_t address) const {
    const range all[] = {io_space ? io() : memory(), io_space ? range{} : prefetchable()};
    std::uint64_t end = std::uint64_t{1} << 32;
    for (const range& r : all) {
        if (r.first > r.last) continue;
        for (std::uint64_t edge : {r.first, r.last + 1})
            if (edge > address) end = std::min(end, edge);
    }
    return end;
}

}  // namespace nicteam::pci
