// A CPU as a resource that costs cycles. Software on it is ordinary blocking code on that CPU's one SystemC thread.
#pragma once

#include <cstdint>
#include <functional>

#include "nicteam/base/time.h"

namespace nicteam::host {

// A kind of work with its cost: a row of a table with its source (models/host/costs.cpp, or the room that charges it).
struct operation {
    const char* name;        // "copy_byte", "interrupt_entry", "driver_send"
    std::uint64_t cycles;    // default cost in CPU cycles for one; a scenario may set another
    const char* meaning;
    const char* source;
};

class cpu {
public:
    virtual ~cpu() = default;

    // Advances by n times the operation's cost. Interrupts are taken inside, at the next instruction, and nest on this stack.
    virtual void spend(const operation&, std::uint64_t n = 1) = 0;
    // Stalls until the data edge plus the bridge's way back; pushes earlier writes. size 1, 2, 4. All ones after a master abort.
    virtual std::uint32_t read(std::uint64_t address, unsigned size) = 0;
    virtual void write(std::uint64_t address, unsigned size, std::uint32_t v) = 0;      // posted in the bridge
    virtual std::uint32_t read_io(std::uint32_t port, unsigned size) = 0;
    virtual void write_io(std::uint32_t port, unsigned size, std::uint32_t v) = 0;      // not posted: returns when done
    virtual std::uint32_t read_configuration(unsigned device, unsigned reg, unsigned size) = 0;
    virtual void write_configuration(unsigned device, unsigned reg, unsigned size, std::uint32_t v) = 0;

    virtual void mask_interrupts() = 0;      // nests
    virtual void unmask_interrupts() = 0;

    // Work handed to this CPU from a model event (a timer, a socket's data): queued, run in order by the CPU's main loop.
    // `at` must be now or later.
    virtual void post(ps at, std::function<void(cpu&)> work) = 0;
    virtual ps now() const = 0;              // this CPU's own time: at most ahead of the kernel's inside spend()
    // The kernel's time catches up with now(). Call before looking at, or changing, bytes that a device may change or look
    // at: descriptors, received data. Reads, writes and masking do it by themselves. A CPU that costs nothing has nothing to do.
    virtual void catch_up() {}
    virtual void wait_until(ps at) = 0;      // a delay loop (a device that needs time); interrupts are taken and come on top
    virtual ps period() const = 0;
};

}  // namespace nicteam::host
