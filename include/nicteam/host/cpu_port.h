// A CPU's way to a PCI bus: what a host bridge offers to CPUs. Calls come at kernel time `at`; answers may lie ahead of it.
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"
#include "nicteam/pci/protocol.h"

namespace nicteam::host {

struct cpu_access {
    pci::command command = pci::command::memory_read;
    std::uint64_t address = 0;        // configuration: device << 11 | register
    unsigned bytes = 4;               // 1, 2, 4
    std::uint32_t data = 0;           // written, or filled
    bool good = true;                 // false: master or target abort; data is all ones
};

class cpu_port_user {
public:
    virtual ~cpu_port_user() = default;
    virtual void room(ps at) = 0;                     // the write buffer has an entry free again
    virtual void finished(cpu_access&, ps at) = 0;    // the CPU may go on at `at`, now or later
};

class cpu_port {
public:
    virtual ~cpu_port() = default;
    virtual void connect(unsigned cpu, cpu_port_user&) = 0;                // elaboration
    virtual bool post(unsigned cpu, const cpu_access&, ps at) = 0;        // a posted write; false: the write buffer is full
    virtual void start(unsigned cpu, cpu_access&, ps at) = 0;             // a stalling access, behind all posted writes
};

}  // namespace nicteam::host
